/** A walk to a file and back: what the JSON export writes, and what lies inside exported pictures. */
import { formatWalk, keyframeToJson, parseWalk, type WalkFile } from '../../export/json';
import { readPngRecipe } from '../../export/png-encode';
import { AppError } from '../../lib/errors';
import type { UnitMask } from '../../model/source';
import { latentRefCodec, type LatentRef } from '../../session/latent-ref';
import { resolveLatent, samplingOf } from '../../session/latents';
import { clearMask, setMask } from '../../session/mask';
import { keysParam } from '../../session/params';
import type { CurrentModel, Session } from '../../session/session';
import type { Keyframe } from './keyframes';
import {
  closedParam,
  easingParam,
  endlessSeedParam,
  frameParam,
  framesParam,
  interpolationParam,
  kindParam,
  speedParam,
} from './params';
import type { WalkSettings } from './walk';

export interface WalkToWrite {
  model: CurrentModel;
  /** The mask that it is drawn with. */
  units: UnitMask;
  keyframes: readonly Keyframe[];
  settings: WalkSettings;
  framesPerSecond: number;
  position: number;
}

export function walkJson(walk: WalkToWrite): string {
  const { model, units, keyframes, settings, framesPerSecond, position } = walk;
  const { interpolation, closed, easing, framesPerSegment, kind, endlessSeed } = settings;
  return formatWalk({
    model: { id: model.id, title: model.title, modelHash: model.modelHash },
    ...(Object.keys(units).length > 0 && { units }),
    keyframes: keyframes.map(({ z, label, ref }) =>
      keyframeToJson(z, label, ref.kind === 'sample' ? latentRefCodec.format(ref) : undefined),
    ),
    settings: {
      interpolation,
      closed,
      easing,
      framesPerSegment,
      framesPerSecond,
      position,
      ...(kind === 'endless' && { endlessSeed }),
    },
  });
}

/**
 * Shows the walk of a .json file or of an exported PNG; opens its model first where that is another
 * bundled one. Rejects with AppError 'walk-file' or 'walk-other-model'; the present walk then stays.
 */
export async function openWalkFile(session: Session, file: File): Promise<void> {
  const text = (await readPngRecipe(file)) ?? (await file.text());
  const walk = parseWalk(text, file.name);
  const model = await openModelOf(session, walk, file.name);
  const size = walk.keyframes[0]?.z.length;
  if (size !== model.spec.latent.size) {
    throw new AppError({
      code: 'walk-file',
      message: `${file.name} has latents of ${String(size)} numbers; ${model.title} takes ${model.spec.latent.size}.`,
      hint: 'The file was changed after it was written. Your present walk is unchanged.',
    });
  }
  showWalk(session, model, walk);
}

async function openModelOf(
  session: Session,
  { model: wanted }: WalkFile,
  fileName: string,
): Promise<CurrentModel> {
  const { current, entries } = session.models.store.getState();
  if (current?.modelHash === wanted.modelHash) return current;
  const entry = entries.find(({ files }) => files.generator.sha256 === wanted.modelHash);
  if (entry) return session.models.open(entry.id);
  throw new AppError({
    code: 'walk-other-model',
    message: `${fileName} is a walk of ${wanted.title || wanted.id}, whose weights are not open here.`,
    hint: 'The same numbers show something else in another model. Open its file first, then the walk again.',
  });
}

function showWalk(session: Session, model: CurrentModel, walk: WalkFile): void {
  const { keyframes, settings, units } = walk;
  // First, since it may be refused: the walk is then left as it is.
  if (units) setMask(session, units);
  else clearMask(session);
  const { endlessSeed } = settings;
  const changes = [
    [keysParam, keyframes.map((key) => refOf(session, model, key))],
    [interpolationParam, settings.interpolation],
    [closedParam, settings.closed],
    [easingParam, settings.easing],
    [framesParam, settings.framesPerSegment],
    [speedParam, Math.round(settings.framesPerSecond)],
    [frameParam, settings.position],
    [kindParam, endlessSeed === undefined ? 'keys' : 'endless'],
    ...(endlessSeed === undefined ? [] : [[endlessSeedParam, endlessSeed]]),
  ];
  session.url.update(changes as unknown as Parameters<typeof session.url.update>[0], {
    push: true,
  });
}

/** The short form where it still means these numbers here, for a short link; else the numbers. */
function refOf(
  session: Session,
  model: CurrentModel,
  key: WalkFile['keyframes'][number],
): LatentRef {
  const z = Float32Array.from(key.z);
  const ref = key.ref === undefined ? undefined : latentRefCodec.parse(key.ref);
  if (ref?.kind === 'sample') {
    const sampled = resolveLatent(ref, samplingOf(model, session.url));
    if (sampled.every((value, i) => Math.abs(value - (z[i] ?? NaN)) < 1e-6)) return ref;
  }
  return { kind: 'exact', z };
}

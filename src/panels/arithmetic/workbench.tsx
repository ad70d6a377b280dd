/** What every part of the panel needs, in one context: the model, its library, the gallery, the bench. */
import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { rgbaToFloats } from '../../core/pixels';
import type { RgbaImages } from '../../engine/api';
import { judgeImages } from '../../session/judge';
import { resolveLatent } from '../../session/latents';
import { maskParam } from '../../session/mask-link';
import type { CurrentModel, Session } from '../../session/session';
import type { LatentPayload } from '../../ui/latent-drag';
import { useSession, useStoreValue, useUrlParam } from '../../ui/session-context';
import { benchOf, pinSample, type Bench, type Board, type FacePayload, type SlotId } from './bench';
import type { Equation, FaceRef } from './equation';
import { createGallery, type Gallery, type Picture, type Shown } from './gallery';
import type { Library } from './library';
import { equationParam, turnGroupsParam } from './params';
import { pictureDataUrl } from './picture-url';
import type { Reading } from './reading';
import { resolveEquation, type ResolveContext, type ResolvedTerm } from './resolve';

export interface Workbench {
  session: Session;
  bench: Bench;
  model: CurrentModel;
  library: Library;
  gallery: Gallery;
  context: ResolveContext;
  /** What the model's judge says of pictures; null where it has none. */
  judge: (images: RgbaImages) => Promise<Reading[] | null>;
  /** A face on the move. */
  payloadOf: (face: FaceRef, z: Float32Array, label: string, from?: SlotId) => FacePayload;
}

const WorkbenchContext = createContext<Workbench | null>(null);

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error('useWorkbench needs a WorkbenchProvider above it');
  return workbench;
}

export function WorkbenchProvider(props: { model: CurrentModel; children: ReactNode }) {
  const { model } = props;
  const session = useSession();
  const bench = benchOf(session);
  const library = useStoreValue(bench.store, (state) => state.library);
  // Pictures are drawn with the active mask: another mask, other pictures.
  const mask = useStoreValue(session.url.store, (state) => state.values[maskParam.name] ?? '');
  const gallery = galleryOf(session, model, mask);

  useEffect(
    () =>
      session.device.subscribe((now, before) => {
        // What failed on the lost device is drawn again on the new one.
        if (now.status === 'ready' && before.status !== 'ready') gallery.forget();
      }),
    [session, gallery],
  );

  const workbench = useMemo<Workbench>(() => {
    const { size, prior } = model.spec.latent;
    const context: ResolveContext = {
      modelTitle: model.title,
      latentSize: size,
      library,
      sample: (ref) => resolveLatent(pinSample(session, ref), { size, prior, truncation: 1 }),
    };
    return {
      session,
      bench,
      model,
      library,
      gallery,
      context,
      judge: (images) => judgePictures(session, model, images),
      payloadOf: (face, z, label, from) => ({
        z,
        label,
        ref: face.kind === 'library' ? { kind: 'exact', z } : face,
        thumbnail: pictureDataUrl(gallery.peek(z)),
        modelHash: model.modelHash,
        face,
        ...(from && { from }),
      }),
    };
  }, [session, bench, model, library, gallery]);

  return <WorkbenchContext value={workbench}>{props.children}</WorkbenchContext>;
}

const galleries = new WeakMap<Session, { key: string; gallery: Gallery }>();

/** One a session, model and mask: pictures survive a look into another panel. */
function galleryOf(session: Session, model: CurrentModel, mask: string): Gallery {
  const key = `${model.handle} ${mask}`;
  const known = galleries.get(session);
  if (known?.key === key) return known.gallery;
  known?.gallery.dispose();
  const gallery = createGallery({
    draw: (z, signal) => session.generator.render(z, { signal }),
    judge: (images) => judgePictures(session, model, images),
    onError: (error) => {
      session.notices.postError(error, { label: 'Try again', run: () => gallery.forget() });
    },
  });
  galleries.set(session, { key, gallery });
  return gallery;
}

/** A judge that cannot be loaded has said so in a notice of its own: the panel goes on without it. */
async function judgePictures(
  session: Session,
  model: CurrentModel,
  { count, width, height, data }: RgbaImages,
): Promise<Reading[] | null> {
  const judge = await session.models.judge().catch(() => null);
  if (!judge) return null;
  const { channels, range } = model.spec.output;
  const floats = rgbaToFloats(data, channels, range);
  return judgeImages(session, { count, width, height, channels, data: floats });
}

/** Shows latents in a place; `z` must stay the same array as long as it means the same. */
export function useShown(place: string, z: readonly Float32Array[]): Shown {
  const { gallery } = useWorkbench();
  useEffect(() => {
    gallery.show(place, z);
  }, [gallery, place, z]);
  useEffect(() => () => gallery.hide(place), [gallery, place]);
  return useSyncExternalStore(gallery.subscribe, () => gallery.shown(place));
}

/** The groups of a board as they stand now. */
export function useEquation(board: Board): Equation {
  const { bench, library, model } = useWorkbench();
  const [written] = useUrlParam(board === 'equation' ? equationParam : turnGroupsParam);
  return useMemo(
    () => bench.equation(board),
    // The bench reads the link, the library and the model: these decide whether it would answer anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [bench, board, written, library, model],
  );
}

/** And with their numbers. */
export function useTerms(board: Board): readonly ResolvedTerm[] {
  const { context } = useWorkbench();
  const equation = useEquation(board);
  return useMemo(() => resolveEquation(equation, context), [equation, context]);
}

/** For results: nothing in a link says them shorter than their numbers. */
export function exactPayload(
  workbench: Workbench,
  z: Float32Array,
  label: string,
  picture: Picture | null,
): LatentPayload {
  return {
    z,
    label,
    ref: { kind: 'exact', z },
    thumbnail: pictureDataUrl(picture ?? undefined),
    modelHash: workbench.model.modelHash,
  };
}

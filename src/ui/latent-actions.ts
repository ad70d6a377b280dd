/** What can be done with a latent from anywhere on the page. */
import { AppError } from '../lib/errors';
import type { LatentRef } from '../session/latent-ref';
import { keysParam, latentParam, MAX_KEYFRAMES, panelParam } from '../session/params';
import type { Session } from '../session/session';
import type { LatentItem, ShelfItem } from '../session/shelf';
import { paintCanvas } from './image-canvas';
import type { LatentPayload } from './latent-drag';

/** The payload of a kept latent. */
export function payloadOfItem(item: LatentItem): LatentPayload {
  const z = Float32Array.from(item.data.z);
  return {
    z,
    label: item.label,
    ref: { kind: 'exact', z },
    thumbnail: item.data.thumbnail,
    modelHash: item.modelHash,
    shelfId: item.id,
  };
}

/**
 * Keeps a latent with its picture, which is drawn when there is none yet. The shelf makes up a label where
 * `label` is empty. Failures are posted; resolves with null then.
 */
export async function keepOnShelf(
  session: Session,
  payload: LatentPayload,
  tags?: string[],
): Promise<ShelfItem | null> {
  try {
    const thumbnail = payload.thumbnail || (await drawThumbnail(session, payload.z));
    return session.shelf.add({
      kind: 'latent',
      data: { z: Array.from(payload.z), thumbnail },
      modelHash: payload.modelHash,
      ...(payload.label !== '' && { label: payload.label }),
      ...(tags && { tags }),
    });
  } catch (error) {
    session.notices.postError(error);
    return null;
  }
}

/** Draws one latent with the current model, as a PNG data URL at the picture's own size. */
async function drawThumbnail(session: Session, z: Float32Array): Promise<string> {
  const { data, width, height } = await session.generator.render([z]);
  const canvas = document.createElement('canvas');
  paintCanvas(canvas, data, width, height);
  return canvas.toDataURL('image/png');
}

/** Opens a latent in the Explore panel; Back returns to where it was opened from. */
export function lookAt(session: Session, ref: LatentRef): void {
  session.url.update(
    [
      [panelParam, 'explore'],
      [latentParam, ref],
    ] as Parameters<typeof session.url.update>[0],
    { push: true },
  );
}

/** Appends keyframes to the walk and offers to go there. */
export function addToWalk(session: Session, refs: readonly LatentRef[]): void {
  if (refs.length === 0) return;
  const keys = [...session.url.get(keysParam), ...refs];
  if (keys.length > MAX_KEYFRAMES) {
    session.notices.postError(
      new AppError({
        code: 'walk-full',
        message: `A walk has at most ${MAX_KEYFRAMES} keyframes.`,
        hint: 'Nothing was added. Take some out in the Walk panel first.',
      }),
    );
    return;
  }
  session.url.set(keysParam, keys);
  if (session.url.get(panelParam) === 'walk') return;
  session.notices.post({
    level: 'success',
    message: `Added to the walk: ${keys.length} ${keys.length === 1 ? 'keyframe' : 'keyframes'}`,
    ...(keys.length === 1 && { hint: 'One more, and there is a way between them.' }),
    action: {
      label: 'Open the walk',
      run: () => session.url.set(panelParam, 'walk', { push: true }),
    },
  });
}

/** Puts z on the clipboard as JSON: what the console API and any notebook read. */
export async function copyLatent(session: Session, z: Float32Array): Promise<void> {
  await copyText(session, JSON.stringify(Array.from(z)), `Copied: z, ${z.length} numbers as JSON`);
}

/** Copies, and says so; says what to do where the browser refuses. */
export async function copyText(session: Session, text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    session.notices.post({ level: 'success', message: done });
  } catch {
    session.notices.postError(
      new AppError({
        code: 'clipboard-refused',
        message: 'The browser did not let the page copy.',
        hint: 'Allow clipboard access for this page, or mark the text and copy it by hand.',
      }),
    );
  }
}

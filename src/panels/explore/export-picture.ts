/** PNG files of one picture and of the sheet; encoders are loaded when used. */
import type { CallOptions } from '../../engine/api';
import type { CurrentModel, Session } from '../../session/session';
import type { Cell } from './cells';

export interface PictureExport extends CallOptions {
  scale: number;
  smooth: boolean;
}

export async function savePicture(
  session: Session,
  model: CurrentModel,
  z: Float32Array,
  options: PictureExport,
): Promise<void> {
  const [{ rgbaToPng }, { downloadBlob }] = await loadExport();
  const { data, width, height } = await session.generator.render([z], options);
  const recipe = JSON.stringify({ v: 1, model: model.id, modelHash: model.modelHash, z: [...z] });
  const blob = await rgbaToPng(data, width, height, { ...options, recipe });
  downloadBlob(blob, `${fileStem(model)}-${width * options.scale}.png`);
}

export async function saveSheet(
  session: Session,
  model: CurrentModel,
  cells: readonly Cell[],
  columns: number,
  options: PictureExport,
): Promise<void> {
  const [{ stripToPng }, { downloadBlob }] = await loadExport();
  const { width, height } = model.spec.output;
  const film = {
    count: cells.length,
    width,
    height,
    frame: async (index: number, signal?: AbortSignal) => {
      const z = cells[index]?.z;
      if (!z) throw new RangeError(`no cell ${index}`);
      const images = await session.generator.render([z], { ...(signal && { signal }) });
      return images.data;
    },
  };
  const recipe = JSON.stringify({
    v: 1,
    model: model.id,
    modelHash: model.modelHash,
    link: session.url.link(),
  });
  const blob = await stripToPng(film, { ...options, columns, gap: 2, recipe });
  downloadBlob(blob, `${fileStem(model)}-sheet.png`);
}

function loadExport() {
  return Promise.all([import('../../export/png'), import('../../export/download')]);
}

function fileStem(model: CurrentModel): string {
  return model.id.replace(/[^a-z0-9]+/gi, '-');
}

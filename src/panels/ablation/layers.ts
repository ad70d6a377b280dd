import type { CurrentModel } from '../../session/session';

type Layer = CurrentModel['layers'][number];

/** Layers whose filters can be looked at: they make maps, and they are not the picture itself. */
export function mapLayers(model: Pick<CurrentModel, 'layers'>): Layer[] {
  return model.layers.slice(0, -1).filter(({ height, width }) => height * width > 1);
}

/**
 * Where the panel starts, and the paper's layer by its place: the second-highest convolution layer, which
 * is the last but one of those that make maps (16×16 in a 64×64 DCGAN). With fewer, the last.
 */
export function defaultLayer(model: Pick<CurrentModel, 'layers'>): Layer | undefined {
  const layers = mapLayers(model);
  return layers.at(-2) ?? layers.at(-1);
}

/** The layer of the link, where the model has it. */
export function chosenLayer(model: CurrentModel, id: string): Layer | undefined {
  return mapLayers(model).find((layer) => layer.id === id) ?? defaultLayer(model);
}

/** '16×16×64': height, width, filters. */
export function shapeText({ height, width, channels }: Layer): string {
  return `${height}×${width}×${channels}`;
}

/** '16×16', or with the id where two layers have the same size. */
export function layerTitle(model: Pick<CurrentModel, 'layers'>, layer: Layer): string {
  const size = `${layer.height}×${layer.width}`;
  const same = mapLayers(model).filter((one) => `${one.height}×${one.width}` === size);
  return same.length > 1 ? `${size} (${layer.id})` : size;
}

/** The title of a layer by its id, or what was given where the model has no such layer. */
export function titleOf(model: Pick<CurrentModel, 'layers'>, id: string): string {
  const layer = model.layers.find((one) => one.id === id);
  return layer ? layerTitle(model, layer) : id;
}

const PICTURE = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;
/** What only a model's files are called. */
const WEIGHTS = /\.(safetensors|pt|pth|pkl|pickle|joblib|h5|hdf5|keras|npz|npy|ckpt|json)$/i;

/**
 * Whether dropped files are pictures to train on: anywhere on the page when most of them are called so, and
 * everything but weights where the panel is shown (zips, IDX and CIFAR-10 say nothing by their names).
 */
export function wantsFiles(files: readonly { name: string }[], isShown: boolean): boolean {
  if (files.some(({ name }) => WEIGHTS.test(name))) return false;
  if (isShown) return true;
  return files.filter(({ name }) => PICTURE.test(name)).length * 2 > files.length;
}

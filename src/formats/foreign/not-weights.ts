import { AppError } from '../../lib/errors';
import { startsWith } from '../../lib/bytes/cursor';

interface Kind {
  code: string;
  test: (head: Uint8Array, name: string) => boolean;
  message: string;
  hint: string;
}

const magic =
  (...starts: string[]) =>
  (head: Uint8Array): boolean =>
    starts.some((text) => startsWith(head, text));

const PICTURE_HINT =
  'Open the file with the weights instead: .pt, .pth, .h5, .npz, .safetensors, or the model.json of TF.js.';
const UNPACK_HINT = 'Unpack it, then open the files inside together, or pack them as a zip.';

/** Files that people open by mistake, or that need a conversion which we cannot do for them. */
const KINDS: readonly Kind[] = [
  {
    code: 'lfs-pointer',
    test: magic('version https://git-lfs'),
    message: 'This is a Git LFS pointer: a note of 130 bytes that stands for the real file.',
    hint: 'Fetch the file itself: `git lfs pull` in the repository, or "Download" on its web page.',
  },
  {
    code: 'web-page',
    test: (head) => /^(\ufeff|\s)*<(!doctype|html|\?xml|head|body)/i.test(textHead(head)),
    message: 'This is a web page that was saved under the name of a weights file.',
    hint: 'The link led to a page (a login, a virus-scan warning, an error) instead of the file. Download the file itself and compare its size.',
  },
  {
    code: 'picture',
    test: magic('\x89PNG', '\xff\xd8\xff', 'GIF8', 'BM', 'II*\0', 'MM\0*'),
    message: 'This is a picture, not a weights file.',
    hint: PICTURE_HINT,
  },
  {
    code: 'picture',
    test: (head) => startsWith(head, 'RIFF') || startsWith(head, 'ftyp', 4),
    message: 'This is a picture, film or sound, not a weights file.',
    hint: PICTURE_HINT,
  },
  {
    code: 'onnx',
    test: isOnnx,
    message: 'This is an ONNX model; its graph format is not read here.',
    hint: 'Open what it was exported from: the .pt, .pth or .h5 file. Or save its initializers: np.savez(path, **{t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}).',
  },
  {
    code: 'tf-checkpoint',
    test: (_head, name) =>
      /\.(ckpt|index|data-\d+-of-\d+|meta)$|(^|\/)saved_model\.pb$/i.test(name),
    message: 'This is part of a TensorFlow checkpoint or SavedModel, which is not read here.',
    hint: 'In Python: tf.keras.models.load_model(folder).save("generator.h5"); or np.savez of tf.train.load_checkpoint(folder)\'s tensors by name.',
  },
  {
    code: 'tf-frozen-graph',
    test: (_head, name) => /\.(pb|pbtxt|tflite)$/i.test(name),
    message: 'This is a TensorFlow graph (.pb, .tflite), which is not read here.',
    hint: 'Save the model that it came from as .h5 or .keras, or convert it with tensorflowjs_converter.',
  },
  {
    code: 'other-archive',
    test: magic('\x1f\x8b', '7z\xbc\xaf', 'Rar!', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd'),
    message: 'This is an archive (gzip, 7z, rar, bzip2, xz or zstd), which is not unpacked here.',
    hint: UNPACK_HINT,
  },
  {
    code: 'other-archive',
    test: (head) => startsWith(head, 'ustar', 257),
    message:
      'This is a tar archive (torch wrote such files before 2017), which is not unpacked here.',
    hint: UNPACK_HINT,
  },
  {
    code: 'gguf',
    test: magic('GGUF', 'ggml', 'lmgg'),
    message: 'This is a GGUF file: weights of a language model.',
    hint: 'Language models do not draw pictures here. Open a generator of the DCGAN family.',
  },
  {
    code: 'joblib-compressed',
    test: (head, name) => /\.(jl|joblib|pkl|pickle)$/i.test(name) && startsWith(head, '\x78'),
    message: 'This is a joblib file that was compressed (zlib), which is not unpacked here.',
    hint: 'In Python: joblib.dump(joblib.load(path), new_path, compress=0), then open that.',
  },
  {
    code: 'torch7',
    test: (head, name) => /\.(t7|net)$/i.test(name) && startsWith(head, '\x04\0\0\0'),
    message: "This is a file of Lua's Torch 7, which is not read here.",
    hint: 'Read it in Python with the package torchfile and save the arrays by np.savez.',
  },
  {
    code: 'pdf',
    test: magic('%PDF'),
    message: 'This is a PDF document, not a weights file.',
    hint: PICTURE_HINT,
  },
  {
    code: 'program',
    test: magic('\x7fELF', 'MZ', '#!'),
    message: 'This is a program, not a weights file. It was not run.',
    hint: PICTURE_HINT,
  },
];

/** Files that lie beside weights and say nothing: left out without a word when others are there. */
export function isBystander(name: string): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (name.includes('__MACOSX/') || base.startsWith('.')) return true;
  if (/^(licen[cs]e|readme|copying|notice|authors|citation)\b/i.test(base)) return true;
  return /\.(md|txt|rst|py|ipynb|ya?ml|csv|log|png|jpe?g|gif|webp|svg|pdf|html?|toml|cfg|sh)$/i.test(
    base,
  );
}

/** Says what a file that holds no weights is; null where we have no idea. */
export function recogniseOther(head: Uint8Array, name: string): AppError | null {
  const kind = KINDS.find(({ test }) => test(head, name));
  return kind ? new AppError({ code: kind.code, message: kind.message, hint: kind.hint }) : null;
}

function textHead(head: Uint8Array): string {
  return new TextDecoder('latin1').decode(head.subarray(0, 256)).replace(/^ï»¿/, '');
}

/** A protobuf that begins with ir_version (field 1) and soon names its producer. */
function isOnnx(head: Uint8Array, name: string): boolean {
  const begins =
    head[0] === 0x08 && (head[1] ?? 99) < 32 && [0x12, 0x3a, 0x42].includes(head[2] ?? 0);
  const producer = /pytorch|onnx|tf2onnx|keras/i.test(textHead(head));
  return /\.onnx$/i.test(name) || (begins && producer);
}

/** One array of a weights file, as the file has it; converted when it is asked for. */
export interface SourceArray {
  /** The file's own name for the number type, e.g. 'F16'. */
  dtype: string;
  shape: readonly number[];
  /** All numbers in row-major order as 32-bit floats, in a new array. 64-bit ones are rounded. */
  toFloat32(): Float32Array;
}

/** What a weights file holds: named arrays, and texts about them. */
export interface NamedArrays {
  arrays: ReadonlyMap<string, SourceArray>;
  metadata: ReadonlyMap<string, string>;
}

/** A file format: recognised by its first bytes or its name, then opened. */
export interface ArrayFormat {
  id: string;
  /** For people, e.g. 'safetensors (.safetensors)'. */
  title: string;
  /** True where `open` is the right one to read it or to say what is wrong. `head`: the first bytes, 64 or more where the file has them. */
  match(head: Uint8Array, fileName: string): boolean;
  /** Reads a whole file. Throws AppError with a code of its own for each thing that can be wrong. */
  open(bytes: Uint8Array): NamedArrays;
}

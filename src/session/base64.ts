/** Exact floats in links: little-endian 32-bit floats as base64url without padding. */

/** 4 bytes a number, 4 characters every 3 bytes. */
export function encodeFloats(values: Float32Array): string {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The floats of a text by `encodeFloats`; undefined where it is malformed, empty, or holds NaN or infinity. */
export function decodeFloats(text: string): Float32Array | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  let binary: string;
  try {
    binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
  if (binary.length === 0 || binary.length % 4 !== 0) return undefined;
  const view = new DataView(Uint8Array.from(binary, (char) => char.charCodeAt(0)).buffer);
  const values = new Float32Array(binary.length / 4);
  for (let index = 0; index < values.length; index++) {
    const value = view.getFloat32(index * 4, true);
    if (!Number.isFinite(value)) return undefined;
    values[index] = value;
  }
  return values;
}

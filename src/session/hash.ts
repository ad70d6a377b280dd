/** `#name=value&…` as plain records. A fragment never reaches the server, so any static host will do. */

/** Characters that may stand in a fragment as they are; encodeURIComponent would make links unreadable. */
const READABLE: readonly (readonly [RegExp, string])[] = [
  [/%2C/g, ','],
  [/%3A/g, ':'],
  [/%2F/g, '/'],
  [/%40/g, '@'],
];

/** Reads a fragment or a query with or without its first sign. Pieces that are malformed are left out. */
export function parseHash(text: string): Record<string, string> {
  const values: [string, string][] = [];
  for (const piece of text.replace(/^[#?]/, '').split('&')) {
    const at = piece.indexOf('=');
    if (at <= 0) continue;
    try {
      const name = decodeURIComponent(piece.slice(0, at));
      if (name === '__proto__') continue;
      values.push([name, decodeURIComponent(piece.slice(at + 1))]);
    } catch {
      // A broken % sequence, as mail programs make them: the rest of the link is still good.
    }
  }
  return Object.fromEntries(values);
}

/** '' for no values, else '#name=value&…' in the order of the record. */
export function formatHash(values: Readonly<Record<string, string>>): string {
  const pieces = Object.entries(values).map(
    ([name, value]) => `${encodeReadably(name)}=${encodeReadably(value)}`,
  );
  return pieces.length === 0 ? '' : `#${pieces.join('&')}`;
}

function encodeReadably(text: string): string {
  let encoded = encodeURIComponent(text);
  for (const [pattern, char] of READABLE) encoded = encoded.replace(pattern, char);
  return encoded;
}

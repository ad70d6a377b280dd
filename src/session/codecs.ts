/** How parameters of the link are written and read. `parse` gives undefined for anything malformed. */
import type { Codec } from './url';

const MAX_TEXT_CHARACTERS = 2000;

/** A whole number in [min, max]; numbers beyond the range are malformed, not clamped. */
export function intCodec(min: number, max: number): Codec<number> {
  return {
    parse(text) {
      if (!/^-?\d{1,16}$/.test(text)) return undefined;
      const value = Number(text);
      return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
    },
    format: (value) => String(Math.round(value)),
  };
}

/** A decimal number in [min, max], written with at most `digits` decimals (4 unless told otherwise). */
export function floatCodec(min: number, max: number, digits = 4): Codec<number> {
  return {
    parse(text) {
      if (!/^-?\d{1,12}(\.\d{1,12})?$/.test(text)) return undefined;
      const value = Number(text);
      return value >= min && value <= max ? value : undefined;
    },
    format: (value) => String(Number(value.toFixed(digits))),
  };
}

/** One of a few words. */
export function enumCodec<const T extends string>(words: readonly T[]): Codec<T> {
  return {
    parse: (text) => words.find((word) => word === text),
    format: (value) => value,
  };
}

/** Text of at most 2,000 characters, or of the given pattern. */
export function textCodec(pattern?: RegExp): Codec<string> {
  return {
    parse(text) {
      if (text.length > MAX_TEXT_CHARACTERS) return undefined;
      return pattern === undefined || pattern.test(text) ? text : undefined;
    },
    format: (value) => value,
  };
}

/** Yes or no, written 1 and 0. */
export const flagCodec: Codec<boolean> = {
  parse: (text) => (text === '1' ? true : text === '0' ? false : undefined),
  format: (value) => (value ? '1' : '0'),
};

/**
 * Up to `maxLength` values joined by commas; an empty text is an empty list. One malformed value makes
 * the whole list malformed: a walk that lost a keyframe would be another walk.
 */
export function listCodec<T>(item: Codec<T>, maxLength: number): Codec<T[]> {
  return {
    parse(text) {
      if (text === '') return [];
      const parts = text.split(',');
      if (parts.length > maxLength) return undefined;
      const values: T[] = [];
      for (const part of parts) {
        const value = item.parse(part);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values;
    },
    format: (values) => values.map((value) => item.format(value)).join(','),
  };
}

/** A value that may be absent: an empty text is null. */
export function optionalCodec<T>(item: Codec<T>): Codec<T | null> {
  return {
    parse: (text) => (text === '' ? null : item.parse(text)),
    format: (value) => (value === null ? '' : item.format(value)),
  };
}

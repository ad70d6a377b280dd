import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isCutShort, pictureDimensions } from './picture-header';
import { otherThing, pictureKind, type PictureKind } from './sniff';
import { paintPng } from './testing';

const sheet = new Uint8Array(readFileSync('public/datasets/rooms/0.webp'));
const png = paintPng(30, 20, () => 9);
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** Segments: an EXIF with a thumbnail that has an end of its own, tables, a frame of 640 × 480, a scan. */
const jpeg = hex(
  'ffd8 ffe1 0008 4578 6966 ffd9 ffdb 0003 00 ffff c2 0008 08 01e0 0280 03 ffda 0002 1234 5678 ffd9 0000',
);
const gif = hex('474946383961 2c01 c800 00 00 00 3b');
const bmp = hex('424d 1e000000 00000000 1a000000 28000000 05000000 faffffff 0000');
const lossless = hex('52494646 14000000 57454250 5650384c 08000000 2f 63c01800 000000');
const extended = hex('52494646 16000000 57454250 56503858 0a000000 00000000 8f0100 2b0100');
const avif = hex(
  '0000001c 66747970 61766966 00000000 00000014 69737065 00000000 00000100 00000080 00000014 69737065 00000000 00000400 00000300 0000000000000000 0000000000000000',
);

describe("a picture file's header", () => {
  it.each<[PictureKind, Uint8Array, number, number]>([
    ['png', png, 30, 20],
    ['jpeg', jpeg, 640, 480],
    ['gif', gif, 300, 200],
    ['bmp', bmp, 5, 6],
    ['webp', sheet, 1024, 1024],
    ['webp', lossless, 100, 100],
    ['webp', extended, 400, 300],
    ['avif', avif, 1024, 768],
  ])('tells the size of a %s', (kind, bytes, width, height) => {
    expect(pictureKind(bytes)).toBe(kind);
    expect(pictureDimensions(bytes, kind)).toEqual({ width, height });
    expect(isCutShort(bytes, kind)).toBe(false);
    expect(pictureDimensions(bytes.slice(0, 8), kind)).toBeNull();
  });

  it.each<[PictureKind, Uint8Array]>([
    ['png', png.slice(0, -12)],
    ['jpeg', jpeg.slice(0, -4)],
    ['webp', sheet.slice(0, -1)],
  ])('tells that a %s breaks off', (kind, bytes) => {
    expect(isCutShort(bytes, kind)).toBe(true);
  });
});

describe('what is no picture', () => {
  const text = (words: string) => new TextEncoder().encode(words);
  it.each([
    ['', /empty/],
    ['Grüße aus dem Urlaub', /text file/],
    ['%PDF-1.7', /PDF/],
    ['<svg xmlns="x">', /SVG/],
    ['<!doctype html><p>', /web page/],
    ['\0\0\0\x18ftypisom', /film/],
    ['ID3\x03', /sound/],
    ['Rar!\x1a', /archive/],
    ['\0\x05\x01\x07', /nothing else/],
  ])('is called by its name: %j', (words, says) => {
    expect(otherThing(text(words))).toMatch(says);
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { RgbaImages } from '../../engine/api';
import { createGallery, latentKey, type GalleryOptions } from './gallery';

const latent = (value: number) => Float32Array.of(value, value);

/** One pixel a latent whose red is its first number; the judge reads it back. */
function paint(z: readonly Float32Array[]): RgbaImages {
  const data = new Uint8ClampedArray(z.length * 4);
  z.forEach((one, at) => data.set([one[0] ?? 0, 0, 0, 255], at * 4));
  return { count: z.length, width: 1, height: 1, data, latencyMs: 0 };
}

const read = (images: RgbaImages) =>
  Array.from({ length: images.count }, (_, at) => ({ smile: (images.data[at * 4] ?? 0) / 100 }));

function setUp(options: Partial<GalleryOptions> = {}) {
  const draw = vi.fn((z: readonly Float32Array[]) => Promise.resolve(paint(z)));
  const judge = vi.fn((images: RgbaImages) => Promise.resolve(read(images)));
  const onError = vi.fn();
  return { draw, judge, onError, gallery: createGallery({ draw, judge, onError, ...options }) };
}

const reds = (gallery: ReturnType<typeof createGallery>, place: string) =>
  gallery.shown(place).pictures.map((picture) => picture?.rgba[0]);

describe('the gallery', () => {
  it('draws what is shown once, then judges it', async () => {
    const { gallery, draw, judge } = setUp();
    gallery.show('a', [latent(1), latent(2)]);
    expect(gallery.shown('a')).toMatchObject({ current: false, judged: false });
    await vi.waitFor(() => expect(gallery.shown('a').judged).toBe(true));
    expect(reds(gallery, 'a')).toEqual([1, 2]);
    expect(gallery.shown('a').pictures[1]?.reading).toEqual({ smile: 0.02 });
    gallery.show('b', [latent(2), latent(1)]);
    expect(gallery.shown('b')).toMatchObject({ current: true, judged: true });
    expect(draw).toHaveBeenCalledTimes(1);
    expect(judge).toHaveBeenCalledTimes(1);
    expect(gallery.peek(latent(1))?.rgba[0]).toBe(1);
  });

  it('lets the latest win and keeps the last pictures until then', async () => {
    const { gallery, draw } = setUp();
    gallery.show('a', [latent(1)]);
    await vi.waitFor(() => expect(gallery.shown('a').current).toBe(true));
    for (const value of [2, 3, 4, 5]) gallery.show('a', [latent(value)]);
    expect(reds(gallery, 'a')).toEqual([1]);
    await vi.waitFor(() => expect(reds(gallery, 'a')).toEqual([5]));
    expect(draw.mock.calls.flatMap(([z]) => z.map((one) => one[0]))).toEqual([1, 2, 5]);
  });

  it('works without a judge', async () => {
    const { gallery } = setUp({ judge: () => Promise.resolve(null) });
    gallery.show('a', [latent(1)]);
    await vi.waitFor(() => expect(gallery.shown('a').judged).toBe(true));
    expect(gallery.shown('a').pictures[0]?.reading).toBeNull();
  });

  it('says an error once and tries again when told to', async () => {
    let fails = true;
    const { gallery, onError } = setUp({
      draw: (z) => (fails ? Promise.reject(new Error('lost')) : Promise.resolve(paint(z))),
    });
    gallery.show('a', [latent(1)]);
    await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1));
    gallery.show('a', [latent(2)]);
    fails = false;
    gallery.forget();
    await vi.waitFor(() => expect(reds(gallery, 'a')).toEqual([2]));
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('forgets what no place shows when there is too much', async () => {
    const { gallery, draw } = setUp({ capacity: 2 });
    for (const value of [1, 2, 3]) {
      gallery.show('a', [latent(value)]);
      await vi.waitFor(() => expect(gallery.shown('a').judged).toBe(true));
    }
    gallery.show('a', [latent(1)]);
    await vi.waitFor(() => expect(gallery.shown('a').current).toBe(true));
    expect(draw).toHaveBeenCalledTimes(4);
  });

  it('keys latents by their numbers', () => {
    expect(latentKey(latent(1))).toBe(latentKey(latent(1)));
    expect(latentKey(latent(1))).not.toBe(latentKey(latent(1.0000001)));
    expect(latentKey(Float32Array.of(1, 2))).not.toBe(latentKey(Float32Array.of(2, 1)));
  });
});

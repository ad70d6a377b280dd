import { useCallback, useEffect, useRef, type Ref, useImperativeHandle } from 'react';
import type { RgbaImages } from '../../engine/api';
import { ImageCanvas, type ImageCanvasHandle } from '../../ui/image-canvas';
import { ThumbGrid, type ThumbGridHandle } from '../../ui/thumb-grid';
import { PHONE, useMediaQuery } from '../../ui/use-media-query';
import styles from './look.module.css';
import { differenceRgba, meanChange } from './paint';
import { STRIP, type Drawn } from './use-look';

export interface AfterHandle {
  /** Consecutive pictures, 0 being the chosen one. */
  draw: (first: number, images: RgbaImages) => void;
}

interface PairProps {
  ref: Ref<AfterHandle>;
  before: Drawn | null;
  width: number;
  height: number;
  /** 'without filter 12', 'with the mask'. */
  afterLabel: string;
}

/** The chosen picture with all filters and with the mask. */
export function ChosenPair({ ref, before, width, height, afterLabel }: PairProps) {
  const left = useRef<ImageCanvasHandle>(null);
  const right = useRef<ImageCanvasHandle>(null);
  const difference = useRef<ImageCanvasHandle>(null);
  const number = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (before) left.current?.draw(pictureOf(before.images, 0), width, height);
  }, [before, width, height]);
  useImperativeHandle(ref, () => ({
    draw(first, images) {
      if (first !== 0) return;
      const after = pictureOf(images, 0);
      right.current?.draw(after, width, height);
      if (!before) return;
      const original = pictureOf(before.images, 0);
      difference.current?.draw(differenceRgba(original, after), width, height);
      if (number.current) {
        number.current.textContent = meanChange(original, after).toFixed(1);
      }
    },
  }));

  return (
    <div className={styles.pair}>
      <figure>
        <ImageCanvas ref={left} label="With all filters" {...{ width, height }} scale="fit" />
        <figcaption>All filters</figcaption>
      </figure>
      <figure>
        <ImageCanvas ref={right} label={afterLabel} {...{ width, height }} scale="fit" />
        <figcaption>{afterLabel}</figcaption>
      </figure>
      <figure>
        <ImageCanvas ref={difference} label="Difference" {...{ width, height }} scale="fit" />
        <figcaption>
          Change <span ref={number} data-testid="change" /> of 255
        </figcaption>
      </figure>
    </div>
  );
}

interface StripProps extends PairProps {
  /** The chosen one of the strip, or −1. */
  index: number;
  seed: number;
  onChoose: (index: number) => void;
}

/** 16 samples: with all filters, with the mask, and where they differ. */
export function Strip({ ref, before, width, height, index, seed, onChoose }: StripProps) {
  const grids = [
    useRef<ThumbGridHandle>(null),
    useRef<ThumbGridHandle>(null),
    useRef<ThumbGridHandle>(null),
  ] as const;
  const [top, middle, bottom] = grids;
  const phone = useMediaQuery(PHONE);
  useEffect(() => {
    if (before) top.current?.paint(0, part(before.images, 1));
  }, [before, top]);
  useImperativeHandle(ref, () => ({
    draw(first, images) {
      if (first !== 1) return;
      middle.current?.paint(0, images);
      if (!before || before.images.count <= images.count) return;
      const stride = width * height * 4;
      const original = before.images.data.subarray(stride);
      const data = differenceRgba(original, images.data);
      bottom.current?.paint(0, { ...images, data });
    },
  }));
  const label = useCallback((i: number) => `Sample ${i} of seed ${seed}`, [seed]);

  return (
    <div className={styles.strip}>
      {(['All', 'Mask', 'Change'] as const).map((name, row) => (
        <div key={name} className={styles.stripRow}>
          <span className={styles.stripName}>{name}</span>
          <ThumbGrid
            ref={grids[row]!}
            className={styles.stripGrid}
            label={`${STRIP} samples: ${['all filters', 'with the mask', 'change'][row]}`}
            count={STRIP}
            columns={phone ? 8 : STRIP}
            minCell={24}
            aspect={width / height}
            selected={index >= 0 ? [index] : []}
            onSelect={onChoose}
            cellLabel={label}
          />
        </div>
      ))}
    </div>
  );
}

function pictureOf(images: RgbaImages, index: number): RgbaImages['data'] {
  const stride = images.width * images.height * 4;
  return images.data.slice(index * stride, (index + 1) * stride);
}

/** The pictures from `first` on. */
function part(images: RgbaImages, first: number): RgbaImages {
  const stride = images.width * images.height * 4;
  return { ...images, count: images.count - first, data: images.data.slice(first * stride) };
}

import { useEffect, useRef } from 'react';
import type { Activations, RgbaImages } from '../../engine/api';
import { paintCanvas } from '../../ui/image-canvas';
import styles from './look.module.css';
import { overlayRgba } from './paint';
import { mapOf, type MapStats } from './tile-math';
import type { TopSample } from './use-look';

interface InspectorProps {
  layerTitle: string;
  filter: number;
  maps: Activations | null;
  stats: MapStats | null;
  /** The chosen picture with all filters. */
  picture: RgbaImages | null;
  kernelNorm: number | null;
  effect: { value: number; samples: number } | null;
  weight: number | null;
  score: number | null;
  tops: readonly TopSample[] | null;
  topPictures: RgbaImages | null;
}

/** One filter: its map over the picture, what it is strongest on, and its numbers. */
export function Inspector(props: InspectorProps) {
  const { layerTitle, filter, maps, stats, picture, kernelNorm, effect, weight, score } = props;
  const { tops, topPictures } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!canvas.current || !maps || !stats || !picture || filter >= maps.filters) return;
    const plane = { data: mapOf(maps, filter), width: maps.width, height: maps.height };
    const one = picture.data.subarray(0, picture.width * picture.height * 4);
    const rgba = overlayRgba(one, picture, plane, stats.high[filter] ?? 1);
    paintCanvas(canvas.current, rgba, picture.width, picture.height);
  }, [maps, stats, picture, filter]);

  return (
    <section className={styles.inspector} aria-label={`Filter ${filter} of ${layerTitle}`}>
      <h2>
        Filter {filter} <span className={styles.muted}>of {layerTitle}</span>
      </h2>
      <div className={styles.zoomRow}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Map of filter ${filter} over the chosen picture`}
          className={styles.zoom}
        />
        <dl className={styles.facts}>
          <Fact name="Mean" value={stats?.mean[filter]} />
          <Fact name="Variance" value={stats?.variance[filter]} />
          <Fact name="Largest" value={stats?.high[filter]} />
          <Fact name="Kernel norm" value={kernelNorm} />
          <Fact
            name={effect ? `Effect, ${effect.samples} samples` : 'Effect'}
            value={effect?.value}
            none="not measured"
          />
          <Fact name="Weight for the boxes" value={weight} none="not fitted" />
          <Fact name="Score at the boxes" value={score} none="not measured" />
        </dl>
      </div>
      <h3>Strongest among 64 samples</h3>
      <div className={styles.tops}>
        {tops && topPictures ? (
          tops.map((top, index) => (
            <TopPicture key={index} top={top} pictures={topPictures} filter={filter} size={maps} />
          ))
        ) : (
          <p className={styles.muted} role="status">
            Looking through 64 samples …
          </p>
        )}
      </div>
    </section>
  );
}

function Fact(props: { name: string; value: number | null | undefined; none?: string }) {
  const { name, value, none = '–' } = props;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value === null || value === undefined ? none : formatNumber(value)}</dd>
    </>
  );
}

/** Three digits that say something. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 3;
  return value.toFixed(digits).replace('-', '−');
}

interface TopPictureProps {
  top: TopSample;
  pictures: RgbaImages;
  filter: number;
  size: Activations | null;
}

function TopPicture({ top, pictures, filter, size }: TopPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const label = `Sample ${top.sample}: filter ${filter} reaches ${formatNumber(top.score)}`;
  useEffect(() => {
    if (!canvas.current || !size || top.map.length !== size.width * size.height) return;
    const bytes = pictures.width * pictures.height * 4;
    const one = pictures.data.subarray(top.sample * bytes, (top.sample + 1) * bytes);
    const plane = { data: top.map, width: size.width, height: size.height };
    const rgba = overlayRgba(one, pictures, plane, top.score);
    paintCanvas(canvas.current, rgba, pictures.width, pictures.height);
  }, [top, pictures, size]);
  return <canvas ref={canvas} role="img" aria-label={label} title={label} />;
}

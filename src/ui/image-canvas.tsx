import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { cx } from './class-names';
import { notePicture } from './first-picture';
import styles from './image-canvas.module.css';

export interface ImageCanvasHandle {
  /** Paints one picture: width × height × 4 bytes, as in RgbaImages. Bypasses React. */
  draw(rgba: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): void;
  /** Says that what is seen is overtaken; the old picture stays until the next one is drawn. */
  markStale(): void;
  /** PNG data URL of the last picture at its own size, or null before the first one. */
  toDataUrl(): string | null;
}

interface ImageCanvasProps {
  ref?: Ref<ImageCanvasHandle>;
  /** What the picture shows; read out. */
  label: string;
  /** Size of the pictures to come: keeps the place until the first one. */
  width: number;
  height: number;
  /** Whole CSS pixels for one picture pixel, or 'fit': as large as the box around it allows. */
  scale?: number | 'fit';
  /** Smooth: blended by the browser. Nearest: every pixel a square. */
  smooth?: boolean;
  className?: string | undefined;
}

/** One picture on a canvas at a whole-numbered scale. */
export function ImageCanvas(props: ImageCanvasProps) {
  const { ref, label, width, height, scale = 'fit', smooth = false, className } = props;
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const boxRef = useRef<HTMLDivElement>(null);
  const fitted = useFittedScale(boxRef, width, height, scale === 'fit');

  useImperativeHandle(ref, () => ({
    draw(rgba, w, h) {
      const canvas = canvasRef.current;
      if (canvas) paintCanvas(canvas, rgba, w, h);
    },
    markStale() {
      canvasRef.current?.setAttribute('data-painted', 'false');
    },
    toDataUrl() {
      const canvas = canvasRef.current;
      return canvas?.hasAttribute('data-painted') ? canvas.toDataURL('image/png') : null;
    },
  }));

  const shown = scale === 'fit' ? fitted : scale;
  return (
    <div ref={boxRef} className={cx(styles.box, scale === 'fit' && styles.fit, className)}>
      <canvas
        ref={canvasRef}
        className={cx(styles.canvas, !smooth && styles.nearest)}
        role="img"
        aria-label={label}
        data-testid="face"
        width={width}
        height={height}
        style={{ width: `${width * shown}px`, height: `${height * shown}px` }}
      />
    </div>
  );
}

/** Puts bytes on a canvas and marks it as painted. Resizes it only when it must, since that clears it. */
export function paintCanvas(
  canvas: HTMLCanvasElement,
  rgba: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  height: number,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  canvas.dataset.painted = 'true';
  notePicture();
}

/** The largest scale that is a whole number of device pixels for one picture pixel and fits the box. */
function useFittedScale(
  boxRef: React.RefObject<HTMLDivElement | null>,
  width: number,
  height: number,
  active: boolean,
): number {
  const [scale, setScale] = useState(1);
  useEffect(() => {
    const box = boxRef.current;
    if (!box || !active) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const ratio = window.devicePixelRatio || 1;
      const room = Math.min(entry.contentRect.width / width, entry.contentRect.height / height);
      const whole = Math.floor(room * ratio) / ratio;
      setScale(whole >= 1 / ratio ? whole : Math.max(room, 0.1));
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [boxRef, width, height, active]);
  return scale;
}

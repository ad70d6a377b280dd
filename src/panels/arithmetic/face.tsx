import { useEffect, useRef } from 'react';
import { cx } from '../../ui/class-names';
import { paintCanvas } from '../../ui/image-canvas';
import type { Picture } from './gallery';
import { describeReading, metersOf, wordingText, type Reading } from './reading';
import styles from './face.module.css';

interface FaceProps {
  picture: Picture | null;
  /** What the picture shows; absent where the element around it has a name. */
  label?: string;
  className?: string | undefined;
}

/** One picture, as wide as its box. */
export function Face({ picture, label, className }: FaceProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas && picture) paintCanvas(canvas, picture.rgba, picture.width, picture.height);
  }, [picture]);
  return (
    <canvas
      ref={ref}
      className={cx(styles.face, className)}
      data-testid="face"
      width={picture?.width ?? 64}
      height={picture?.height ?? 64}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}

interface MetersProps {
  reading: Reading | null;
  /** 'bars' has no room for words: they are in its name. */
  size?: 'bars' | 'small' | 'large';
}

/** What the judge says, a bar each: full is yes, and of the turn the middle is straight ahead. */
export function Meters({ reading, size = 'small' }: MetersProps) {
  if (!reading) return null;
  const meters = metersOf(reading);
  if (meters.length === 0) return null;
  return (
    <div
      className={cx(styles.meters, styles[size])}
      role="img"
      aria-label={`Judge: ${meters.map(({ label, value }) => `${label} ${value}`).join(', ')}`}
      title={wordingText(describeReading(reading))}
      data-testid="meters"
    >
      {meters.map(({ name, label, position, centered, value }) => (
        <span key={name} className={styles.meter} data-meter={name} data-value={value}>
          {size !== 'bars' && <span className={styles.name}>{label}</span>}
          <span className={styles.track}>
            <span
              className={styles.fill}
              style={
                centered
                  ? {
                      left: `${Math.min(position, 0.5) * 100}%`,
                      width: `${Math.abs(position - 0.5) * 100}%`,
                    }
                  : { left: 0, width: `${position * 100}%` }
              }
            />
          </span>
          {size === 'large' && <span className={styles.value}>{value}</span>}
        </span>
      ))}
    </div>
  );
}

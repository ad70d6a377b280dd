import { useEffect, useRef } from 'react';
import { cx } from '../../ui/class-names';
import { ImageCanvas, type ImageCanvasHandle } from '../../ui/image-canvas';
import { useStoreValue } from '../../ui/session-context';
import type { Player } from './player';
import { DIFFERENCE_GAIN } from './screen';
import styles from './stage.module.css';

interface StageProps {
  player: Player;
  width: number;
  height: number;
  compare: boolean;
  /** Which of the two the walk itself takes. */
  interpolation: 'lerp' | 'slerp';
  /** Blends pixels on the screen. */
  smooth: boolean;
}

/** The picture at the playhead; side by side, both interpolations and their difference. */
export function Stage(props: StageProps) {
  const { player, width, height, compare, interpolation, smooth } = props;
  const root = useRef<HTMLDivElement>(null);
  const first = useRef<ImageCanvasHandle>(null);
  const second = useRef<ImageCanvasHandle>(null);
  const between = useRef<ImageCanvasHandle>(null);

  useEffect(() => {
    player.screen.setPicture(0, () => first.current);
    player.screen.setPicture(1, () => second.current);
    player.screen.setDifference(() => between.current);
    return player.onFrame((index, exact) => {
      if (!root.current) return;
      root.current.dataset.frame = String(index);
      root.current.dataset.exact = String(exact);
    });
  }, [player]);

  const size = { width, height };
  return (
    <div ref={root} className={cx(styles.stage, compare && styles.compare)} data-testid="stage">
      <figure className={cx(styles.figure, compare && interpolation === 'lerp' && styles.chosen)}>
        <ImageCanvas
          ref={first}
          label={compare ? 'Straight (lerp), at the playhead' : 'The walk, at the playhead'}
          className={styles.picture}
          smooth={smooth}
          {...size}
        />
        {compare && <figcaption>Straight (lerp)</figcaption>}
      </figure>
      {compare && (
        <>
          <figure className={cx(styles.figure, interpolation === 'slerp' && styles.chosen)}>
            <ImageCanvas
              ref={second}
              label="Sphere (slerp), at the playhead"
              className={styles.picture}
              smooth={smooth}
              {...size}
            />
            <figcaption>Sphere (slerp)</figcaption>
          </figure>
          <figure className={styles.figure}>
            <ImageCanvas
              ref={between}
              label="Difference of the two pictures"
              className={styles.picture}
              smooth={smooth}
              {...size}
            />
            <DifferenceCaption player={player} />
          </figure>
        </>
      )}
    </div>
  );
}

function DifferenceCaption({ player }: { player: Player }) {
  const difference = useStoreValue(player.store, (state) => state.difference);
  return (
    <figcaption>
      Difference × {DIFFERENCE_GAIN}
      {difference && (
        <span
          data-testid="difference"
          title="Mean difference of the colors, in bytes from 0 to 255"
        >
          {' '}
          · mean {difference.mean.toFixed(1)}
        </span>
      )}
    </figcaption>
  );
}

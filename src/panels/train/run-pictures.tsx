import { useEffect, useRef } from 'react';
import { IconButton } from '../../ui/button';
import { PauseIcon, PlayIcon } from '../../ui/icons';
import { useStoreValue } from '../../ui/session-context';
import { ThumbGrid, type ThumbGridHandle } from '../../ui/thumb-grid';
import styles from './run.module.css';
import type { TimeMachine } from './time-machine';
import { useRun } from './use-training';
import { formatCount } from './words';

const FIXED = 16;
const BESIDE = 8;

interface RunPicturesProps {
  machine: TimeMachine;
  /** Of a picture, in pixels. */
  side: number;
  /** On a phone the controls are a long way down. */
  onToggle: () => void;
}

/** The same z at every step, large; the newest fakes beside real pictures, small. Past React. */
export function RunPictures({ machine, side, onToggle }: RunPicturesProps) {
  const running = useRun((state) => state.status === 'running');
  const fixed = useRef<ThumbGridHandle>(null);
  const fakes = useRef<ThumbGridHandle>(null);
  const reals = useRef<ThumbGridHandle>(null);
  const root = useRef<HTMLDivElement>(null);
  const caption = useRef<HTMLSpanElement>(null);
  const at = useStoreValue(machine.store, (state) => state.at);

  useEffect(
    () =>
      machine.onFrame((images, step) => {
        fixed.current?.paint(0, images);
        if (root.current) root.current.dataset.step = String(step);
        if (caption.current) caption.current.textContent = formatCount(step);
      }),
    [machine],
  );
  useEffect(
    () =>
      machine.onNewest((pictures) => {
        fakes.current?.paint(0, pictures.fakes);
        reals.current?.paint(0, pictures.reals);
      }),
    [machine],
  );

  return (
    <div ref={root} className={styles.pictures} data-testid="pictures" data-side={side}>
      <figure className={styles.hero}>
        <figcaption className={styles.heroHead}>
          <span>
            The same {FIXED} z, {at === null ? 'now: step' : 'back at step'}{' '}
            <strong ref={caption}>–</strong>
          </span>
          <IconButton
            className={styles.nearby}
            label={running ? 'Pause here' : 'Go on'}
            onClick={onToggle}
          >
            {running ? <PauseIcon /> : <PlayIcon />}
          </IconButton>
        </figcaption>
        <ThumbGrid
          ref={fixed}
          label={`G’s pictures of the same ${FIXED} z`}
          count={FIXED}
          minCell={24}
          selected={[]}
          onSelect={() => undefined}
          cellLabel={(index) => `Picture of fixed z ${index + 1}`}
          className={styles.heroGrid}
        />
      </figure>
      <div className={styles.beside}>
        <Row grid={fakes} title="New fakes" name="Fake" />
        <Row grid={reals} title="Real" name="Real picture" />
      </div>
    </div>
  );
}

interface RowProps {
  grid: React.RefObject<ThumbGridHandle | null>;
  title: string;
  name: string;
}

function Row({ grid, title, name }: RowProps) {
  return (
    <figure className={styles.smallRow}>
      <figcaption>{title}</figcaption>
      <ThumbGrid
        ref={grid}
        label={title}
        count={BESIDE}
        columns={BESIDE / 2}
        minCell={16}
        selected={[]}
        onSelect={() => undefined}
        cellLabel={(index) => `${name} ${index + 1}`}
        className={styles.smallGrid}
      />
    </figure>
  );
}

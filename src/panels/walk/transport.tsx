import type { ReactNode } from 'react';
import { Button, IconButton } from '../../ui/button';
import { cx } from '../../ui/class-names';
import { KeepIcon, PauseIcon, PlayIcon, StepBackIcon, StepForwardIcon } from '../../ui/icons';
import { useStoreValue } from '../../ui/session-context';
import type { Player } from './player';
import styles from './transport.module.css';

interface TransportProps {
  player: Player;
  onToggle: () => void;
  onStep: (frames: number) => void;
  onKeep: () => void;
  /** Where frame `index` lies, in few characters. */
  place: (index: number) => string;
  /** Stands in for place and rate while something long goes on. */
  busy: ReactNode;
  children?: ReactNode;
}

/** Play, step, keep, and what is really shown. */
export function Transport(props: TransportProps) {
  const { player, onToggle, onStep, onKeep } = props;
  const playing = useStoreValue(player.store, (state) => state.playing);
  const index = useStoreValue(player.store, (state) => state.index);
  return (
    <div className={styles.transport} role="toolbar" aria-label="Playing">
      <Button
        look="primary"
        className={styles.play}
        icon={playing ? <PauseIcon /> : <PlayIcon />}
        aria-keyshortcuts="Space"
        onClick={onToggle}
      >
        {playing ? 'Pause' : 'Play'}
      </Button>
      <IconButton label="One frame back" shortcut="←" onClick={() => onStep(-1)}>
        <StepBackIcon />
      </IconButton>
      <IconButton label="One frame on" shortcut="→" onClick={() => onStep(1)}>
        <StepForwardIcon />
      </IconButton>
      <Button look="quiet" icon={<KeepIcon />} aria-label="Keep this frame" onClick={onKeep}>
        <span className={styles.word}>Keep</span>
      </Button>
      {props.busy ?? (
        <>
          <span className={styles.where}>{props.place(index)}</span>
          <Rate player={player} />
        </>
      )}
      <span className={styles.end}>{props.children}</span>
    </div>
  );
}

/** Frames a second, measured from what was presented; at rest, how long drawing one takes. */
function Rate({ player }: { player: Player }) {
  const playing = useStoreValue(player.store, (state) => state.playing);
  const waiting = useStoreValue(player.store, (state) => state.waiting);
  const rate = useStoreValue(player.store, (state) => state.framesPerSecond);
  const msPerFrame = useStoreValue(player.store, (state) => state.msPerFrame);
  let text = '';
  if (playing && waiting) text = 'drawing ahead …';
  else if (playing && rate !== null) text = `${rate.toFixed(1)} frames/s`;
  else if (!playing && msPerFrame !== null) text = `${formatMs(msPerFrame)} a frame`;
  return (
    <span
      className={cx(styles.rate, waiting && playing && styles.waiting)}
      data-testid="rate"
      data-rate={rate ?? ''}
      title={playing ? 'Frames really shown, measured' : 'To draw one frame, measured'}
    >
      {text}
    </span>
  );
}

function formatMs(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

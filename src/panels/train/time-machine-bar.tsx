import type { ReactNode } from 'react';
import type { RunInfo } from '../../session/training/training';
import { Button, IconButton } from '../../ui/button';
import { PauseIcon, PlayIcon, StepBackIcon, StepForwardIcon } from '../../ui/icons';
import { ProgressBar } from '../../ui/progress-bar';
import { useStoreValue } from '../../ui/session-context';
import { TrackSlider } from '../../ui/track-slider';
import type { ExportJobs } from '../export-jobs';
import styles from './run.module.css';
import type { TimeMachine } from './time-machine';
import { useRun } from './use-training';
import { formatCount } from './words';

interface TimeMachineBarProps {
  run: RunInfo;
  machine: TimeMachine;
  jobs: ExportJobs;
  children: ReactNode;
}

/** The run as a line of snapshots: drag it, play it; what is exported stands beside it. */
export function TimeMachineBar({ machine, jobs, children }: TimeMachineBarProps) {
  const snapshots = useRun((state) => state.snapshots);
  const at = useStoreValue(machine.store, (state) => state.at);
  const playing = useStoreValue(machine.store, (state) => state.playing);
  const now = snapshots.length;
  const index = at === null ? now : Math.max(0, snapshots.indexOf(at));
  const words = at === null ? 'now' : `step ${formatCount(at)}`;
  return (
    <div className={styles.machine} role="group" aria-label="Time machine">
      <Button
        className={styles.play}
        icon={playing ? <PauseIcon /> : <PlayIcon />}
        disabled={now === 0}
        onClick={playing ? machine.pause : machine.play}
      >
        {playing ? 'Stop the film' : 'Play the film'}
      </Button>
      <IconButton label="One snapshot back" disabled={now === 0} onClick={() => machine.move(-1)}>
        <StepBackIcon />
      </IconButton>
      <IconButton label="One snapshot on" disabled={at === null} onClick={() => machine.move(1)}>
        <StepForwardIcon />
      </IconButton>
      {jobs.progress ? (
        <ProgressBar
          className={styles.grow}
          label={jobs.progress.label}
          fraction={jobs.progress.fraction}
          onCancel={jobs.cancel}
        />
      ) : (
        <>
          <TrackSlider
            className={styles.grow}
            label="Time machine"
            value={index}
            max={Math.max(1, now)}
            disabled={now === 0}
            valueText={words}
            onChange={(next) => machine.seek(snapshots[next] ?? null)}
          />
          <span className={styles.where}>{words}</span>
        </>
      )}
      {children}
    </div>
  );
}

import type { RunInfo } from '../../session/training/training';
import { ProgressBar } from '../../ui/progress-bar';
import { PanelLayout } from '../../ui/panel-layout';
import { useShortcuts } from '../../ui/shortcuts';
import { useExport } from '../export-jobs';
import { Alarms, Troubles } from './alarms';
import { Charts, Marks } from './charts';
import { OutMenu } from './out-menu';
import { RunControls, useActs } from './run-controls';
import { RunPictures } from './run-pictures';
import { TimeMachineBar } from './time-machine-bar';
import { useTimeMachine } from './use-time-machine';
import styles from './run.module.css';
import { Tuning } from './tuning';
import { useRun } from './use-training';

/** A run: what G draws, how it stands between the two, and everything that can be done about it. */
export function RunView({ run }: { run: RunInfo }) {
  const machine = useTimeMachine(run.id);
  const jobs = useExport('the Train panel');
  const acts = useActs();
  const progress = useRun((state) => state.progress);
  useShortcuts('Train', [
    { key: ' ', display: 'Space', label: 'Pause and resume', run: acts.toggle },
    { key: '.', label: 'One step', run: () => acts.step('both') },
    { key: 'd', label: 'One step of D only', run: () => acts.step('discriminator') },
    { key: 'g', label: 'One step of G only', run: () => acts.step('generator') },
    { key: 'o', label: 'Open what G is now in Explore', run: () => acts.open(null) },
  ]);
  return (
    <PanelLayout
      controls={<RunControls {...{ run, machine, acts }} />}
      more={<Tuning />}
      footer={
        <TimeMachineBar {...{ run, machine, jobs }}>
          <OutMenu {...{ run, machine, jobs }} />
        </TimeMachineBar>
      }
    >
      <div className={styles.stage}>
        {progress && <ProgressBar label={progress.label} fraction={progress.fraction} />}
        <Troubles />
        <div className={styles.live}>
          <RunPictures machine={machine} side={run.config.image.size} onToggle={acts.toggle} />
          <div className={styles.charts}>
            <Alarms />
            <Charts key={run.id} run={run} />
            <Marks />
          </div>
        </div>
      </div>
    </PanelLayout>
  );
}

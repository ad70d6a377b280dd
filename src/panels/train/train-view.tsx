import { PanelLayout } from '../../ui/panel-layout';
import { DataControls } from './data-controls';
import { KeptRuns } from './kept-runs';
import { Preview } from './preview';
import { RecipeControls, Settings } from './recipe-controls';
import { RunView } from './run-view';
import styles from './setup.module.css';
import { StartBar } from './start-bar';
import { usePlan } from './use-setup';
import { useRun } from './use-training';

/** The panel: what to train on and how, and then the run. */
export function TrainView() {
  const run = useRun((state) => state.run);
  return run ? <RunView run={run} /> : <SetupView />;
}

function SetupView() {
  const plan = usePlan();
  return (
    <PanelLayout
      controls={
        <>
          <DataControls plan={plan} />
          <RecipeControls />
        </>
      }
      more={<Settings plan={plan} />}
      footer={<StartBar plan={plan} />}
    >
      <div className={styles.stage}>
        <Preview plan={plan} />
        <KeptRuns />
      </div>
    </PanelLayout>
  );
}

import { Tabs } from '../../ui/tabs';
import { ProgressBar } from '../../ui/progress-bar';
import { useCurrentModel, useSession, useStoreValue, useUrlParam } from '../../ui/session-context';
import { useAnswer, useSettings } from './answer';
import { benchOf } from './bench';
import { EquationControls, EquationView } from './equation-view';
import { ExportMenu } from './export-menu';
import { change } from './history';
import { HoldView } from './hold-view';
import { viewParam } from './params';
import { Problems } from './problems';
import { Presets, UndoRedo } from './toolbar';
import { Tray } from './tray';
import { TurnSide } from './turn-side';
import styles from './view.module.css';
import { WorkbenchProvider, useTerms, useWorkbench } from './workbench';

/** The panel: an equation of faces, or faces turned along a direction. */
export function ArithmeticView() {
  const model = useCurrentModel();
  const bench = benchOf(useSession());
  const status = useStoreValue(bench.store, (state) => state.libraryStatus);
  if (!model) return null;
  if (status === 'loading') return <ProgressBar label="Reading the exemplars" fraction={null} />;
  return (
    <WorkbenchProvider model={model}>
      <Sides />
    </WorkbenchProvider>
  );
}

function Sides() {
  const { bench } = useWorkbench();
  const [view] = useUrlParam(viewParam);
  return (
    <Tabs
      label="Arithmetic"
      className={styles.tabs}
      value={view}
      onChange={(next) => {
        bench.letGo();
        bench.commit('change sides', [change(viewParam, next)]);
      }}
      tabs={[
        { value: 'arithmetic', label: 'Equation', content: <EquationSide /> },
        { value: 'turn', label: 'Turn', content: <TurnSide /> },
      ]}
      aside={<UndoRedo />}
    />
  );
}

function EquationSide() {
  const terms = useTerms('equation');
  const settings = useSettings();
  const answer = useAnswer(terms, settings);
  return (
    <div className={styles.side}>
      <div className={styles.bar}>
        <Presets />
        <ExportMenu {...{ terms, answer, settings }} />
      </div>
      <Problems board="equation" terms={terms} />
      <EquationView {...{ terms, answer, settings }} />
      <EquationControls {...{ answer, settings }} />
      <div className={styles.foot}>
        <Tray />
        <HoldView {...{ terms, settings }} />
      </div>
    </div>
  );
}

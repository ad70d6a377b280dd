import { Tabs } from '../../ui/tabs';
import { ProgressBar } from '../../ui/progress-bar';
import { useCurrentModel, useSession, useStoreValue, useUrlParam } from '../../ui/session-context';
import { useAnswer, useSettings, type Answer, type Settings } from './answer';
import { benchOf } from './bench';
import { Comparisons } from './comparisons';
import { EquationView } from './equation-view';
import { ExportMenu } from './export-menu';
import { change } from './history';
import { HoldView } from './hold-view';
import { viewParam } from './params';
import { Problems } from './problems';
import type { ResolvedTerm } from './resolve';
import { DirectionPresets, Presets, UndoRedo } from './toolbar';
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
  const terms = useTerms('equation');
  const settings = useSettings();
  const answer = useAnswer(terms, settings);
  const isEquation = view === 'arithmetic';
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
        {
          value: 'arithmetic',
          label: 'Equation',
          content: <EquationSide {...{ terms, answer, settings }} />,
        },
        { value: 'turn', label: 'Turn', content: <TurnSide /> },
      ]}
      aside={
        <div className={styles.bar}>
          {isEquation ? <Presets /> : <DirectionPresets />}
          <span className={styles.end}>
            <UndoRedo />
            {isEquation && <ExportMenu {...{ terms, answer, settings }} />}
          </span>
        </div>
      }
    />
  );
}

interface EquationSideProps {
  terms: readonly ResolvedTerm[];
  answer: Answer | null;
  settings: Settings;
}

function EquationSide({ terms, answer, settings }: EquationSideProps) {
  return (
    <div className={styles.side}>
      <Problems board="equation" terms={terms} />
      <EquationView {...{ terms, answer, settings }} />
      <Comparisons {...{ terms, answer, settings }} />
      <div className={styles.foot}>
        <Tray />
        <HoldView {...{ terms, settings }} />
      </div>
    </div>
  );
}

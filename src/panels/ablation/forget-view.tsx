import { useEffect, useRef, type RefObject } from 'react';
import type { CurrentModel } from '../../session/session';
import { ControlGroup, PanelLayout } from '../../ui/panel-layout';
import { ProgressBar } from '../../ui/progress-bar';
import { SegmentedControl } from '../../ui/segmented';
import { useSession, useStoreValue } from '../../ui/session-context';
import { useShortcuts } from '../../ui/shortcuts';
import { BoxesStep } from './boxes-step';
import { CountStep } from './count-step';
import { FiltersStep } from './filters-step';
import { DropControls, OrderControls, RecipeControls } from './forget-controls';
import { forgetOf, type Step } from './forget-store';
import styles from './forget.module.css';
import { MaskTools } from './mask-tools';
import { PicturesStep } from './pictures-step';
import { useMask } from './use-mask';

const STEPS: readonly { value: Step; label: string }[] = [
  { value: 'boxes', label: '1 Boxes' },
  { value: 'filters', label: '2 Filters' },
  { value: 'pictures', label: '3 Without them' },
  { value: 'count', label: '4 Count' },
];

/** The paper's section 6.3.1, step by step. */
export function ForgetView({ model }: { model: CurrentModel }) {
  const session = useSession();
  const forget = forgetOf(session, model);
  const state = useStoreValue(forget.store, (all) => all);
  const mask = useMask(model);
  const stage = useRef<HTMLDivElement>(null);
  useInSight(stage, state.step, state.work !== null);
  useShortcuts('Filters: forget', [
    { key: 'u', label: 'Undo the last box', run: forget.undo },
    { key: 'f', label: 'Fit or measure', run: () => void (state.work ?? forget.find()) },
  ]);
  const content: Record<Step, React.ReactNode> = {
    boxes: <BoxesStep {...{ model, forget, state }} />,
    filters: <FiltersStep {...{ model, forget, state }} />,
    pictures: <PicturesStep {...{ model, forget, state, mask }} />,
    count: <CountStep {...{ model, forget, state }} />,
  };
  return (
    <PanelLayout
      controls={
        <>
          <RecipeControls {...{ forget, state }} />
          <OrderControls {...{ model, forget, state }} />
          <DropControls {...{ model, forget, state }} active={mask.active} />
          <ControlGroup title="The mask">
            <MaskTools model={model} mask={mask} />
          </ControlGroup>
        </>
      }
    >
      <div ref={stage} className={styles.stage}>
        <div className={styles.steps}>
          <SegmentedControl
            label="Step"
            value={state.step}
            options={STEPS}
            onChange={(step) => forget.set({ step })}
          />
          {state.work && (
            <ProgressBar
              className={styles.work}
              label={state.work.label}
              fraction={state.work.fraction}
              onCancel={forget.cancel}
            />
          )}
        </div>
        <div className={styles.content}>{content[state.step]}</div>
      </div>
    </PanelLayout>
  );
}

/** On a phone the controls lie below the stage: what a press there has changed or begun comes into sight. */
function useInSight(stage: RefObject<HTMLDivElement | null>, step: Step, working: boolean): void {
  const shown = useRef({ step, working });
  useEffect(() => {
    const before = shown.current;
    shown.current = { step, working };
    if (before.step === step && (before.working || !working)) return;
    const { top } = stage.current?.getBoundingClientRect() ?? { top: 0 };
    if (top < 0) stage.current?.scrollIntoView({ block: 'start' });
  }, [stage, step, working]);
}

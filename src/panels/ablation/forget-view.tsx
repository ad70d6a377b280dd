import { countUnits } from '../../session/mask';
import type { CurrentModel } from '../../session/session';
import { Button } from '../../ui/button';
import { ButtonRow, ControlGroup, PanelLayout } from '../../ui/panel-layout';
import { NumberField } from '../../ui/number-field';
import { ProgressBar } from '../../ui/progress-bar';
import { SegmentedControl } from '../../ui/segmented';
import { useSession, useStoreValue } from '../../ui/session-context';
import { useShortcuts } from '../../ui/shortcuts';
import { Slider } from '../../ui/slider';
import { BoxesStep } from './boxes-step';
import { CountStep } from './count-step';
import { forgetOf, type Forget, type ForgetState, type Rule, type Step } from './forget-store';
import styles from './forget.module.css';
import { layerTitle, mapLayers } from './layers';
import { MaskTools } from './mask-tools';
import { PicturesStep } from './pictures-step';
import { useMask } from './use-mask';
import { WeightsStep } from './weights-step';

const STEPS: readonly { value: Step; label: string }[] = [
  { value: 'boxes', label: '1 Boxes' },
  { value: 'weights', label: '2 Weights' },
  { value: 'pictures', label: '3 Without them' },
  { value: 'count', label: '4 Count' },
];

/** The paper's section 6.3.1, step by step. */
export function ForgetView({ model }: { model: CurrentModel }) {
  const session = useSession();
  const forget = forgetOf(session, model);
  const state = useStoreValue(forget.store, (all) => all);
  const mask = useMask(model);
  useShortcuts('Filters: forget', [
    { key: 'u', label: 'Undo the last box', run: forget.undo },
    { key: 'f', label: 'Fit', run: () => void forget.fit() },
  ]);
  const content: Record<Step, React.ReactNode> = {
    boxes: <BoxesStep {...{ model, forget, state }} />,
    weights: <WeightsStep {...{ model, forget, state }} />,
    pictures: <PicturesStep {...{ model, forget, state, mask }} />,
    count: <CountStep {...{ model, forget, state }} />,
  };
  return (
    <PanelLayout
      controls={
        <>
          <RecipeControls {...{ forget, state }} />
          <FitControls {...{ model, forget, state }} />
          <DropControls {...{ model, forget, state }} />
          <ControlGroup title="The mask">
            <MaskTools model={model} mask={mask} />
          </ControlGroup>
        </>
      }
    >
      <div className={styles.stage}>
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

interface PartProps {
  forget: Forget;
  state: ForgetState;
}

function RecipeControls({ forget, state }: PartProps) {
  const thing = state.bundled?.concept ?? 'what the boxes hold';
  const disabled = state.work !== null || (state.boxes.length === 0 && !state.bundled);
  const best = forget.best();
  return (
    <ControlGroup>
      <Button look="primary" disabled={disabled} onClick={() => void forget.recipe()}>
        Forget {thing}
      </Button>
      {best && (
        <Button disabled={disabled} onClick={() => void forget.recipe(best)}>
          At the best point measured
        </Button>
      )}
      <p className={styles.hint}>
        The whole recipe: fit on {state.boxes.length} boxes, drop every filter that speaks for them,
        draw the same z again.
        {best &&
          ' The best point drops fewer filters, of several layers: docs/ablation.md says why.'}
      </p>
    </ControlGroup>
  );
}

function FitControls({ model, forget, state }: PartProps & { model: CurrentModel }) {
  const toggle = (id: string) => {
    const has = state.layers.includes(id);
    const layers = mapLayers(model)
      .map((one) => one.id)
      .filter((one) => (one === id ? !has : state.layers.includes(one)));
    if (layers.length > 0) forget.set({ layers, counts: null });
  };
  return (
    <ControlGroup title="Fit on layers">
      <div className={styles.layers} role="group" aria-label="Layers to fit and drop from">
        {mapLayers(model).map((layer) => (
          <Button
            key={layer.id}
            pressed={state.layers.includes(layer.id)}
            onClick={() => toggle(layer.id)}
          >
            {layerTitle(model, layer)}
          </Button>
        ))}
      </div>
      <ButtonRow>
        <Button
          disabled={state.boxes.length === 0 || state.work !== null}
          onClick={() => void forget.fit()}
        >
          Fit
        </Button>
      </ButtonRow>
    </ControlGroup>
  );
}

/** Of the paper's section 6.3.1: every filter with a positive weight. */
const PAPER: Rule = { kind: 'threshold', threshold: 0 };

function titleOf(model: CurrentModel, id: string): string {
  const layer = model.layers.find((one) => one.id === id);
  return layer ? layerTitle(model, layer) : id;
}

function DropControls({ model, forget, state }: PartProps & { model: CurrentModel }) {
  const { rule } = state;
  const best = forget.best();
  const fitted = state.layers.some((layer) => state.fits[layer]);
  const count = countUnits(forget.units('weights'));
  const size = Math.max(
    0.01,
    ...state.layers.flatMap((layer) => Array.from(state.fits[layer]?.weights ?? [], Math.abs)),
  );
  const limit = Math.ceil(size * 10) / 10;
  return (
    <ControlGroup title="Drop">
      <SegmentedControl
        label="Which filters"
        value={rule.kind}
        options={[
          { value: 'threshold', label: 'Weight above' },
          { value: 'share', label: 'Strongest share' },
          ...(best ? [{ value: 'point' as const, label: 'Best point' }] : []),
        ]}
        onChange={(kind) => {
          const rules = {
            threshold: PAPER,
            share: { kind: 'share', share: 0.47 },
            point: best,
          } as const;
          const rule = rules[kind] ?? PAPER;
          const layers = rule.kind === 'point' ? Object.keys(rule.counts) : state.layers;
          forget.set({ counts: null, rule, layers });
        }}
      />
      {rule.kind === 'point' && (
        <p className={styles.hint}>
          {Object.entries(rule.counts)
            .map(([id, filters]) => `${filters} of ${titleOf(model, id)}`)
            .join(', ')}
          {state.layers.every((id) => state.fits[id]) ? '' : ': fit on these layers first'}.
        </p>
      )}
      {rule.kind === 'threshold' && (
        <Slider
          label="Threshold"
          value={rule.threshold}
          min={-limit}
          max={limit}
          step={0.01}
          mark={0}
          disabled={!fitted}
          onChange={(threshold) =>
            forget.set({ counts: null, rule: { kind: 'threshold', threshold } })
          }
        />
      )}
      {rule.kind === 'share' && (
        <Slider
          label="Share of each layer"
          value={Math.round(rule.share * 100)}
          min={0}
          max={100}
          step={1}
          unit="%"
          disabled={!fitted}
          onChange={(share) =>
            forget.set({ counts: null, rule: { kind: 'share', share: share / 100 } })
          }
        />
      )}
      <ButtonRow>
        <Button disabled={!fitted} onClick={() => dropAndShow(forget, 'weights')}>
          Drop {count} {count === 1 ? 'filter' : 'filters'}
        </Button>
        <Button look="quiet" disabled={!fitted} onClick={() => dropAndShow(forget, 'negative')}>
          Most negative
        </Button>
        <Button look="quiet" disabled={!fitted} onClick={() => dropAndShow(forget, 'random')}>
          Random control
        </Button>
      </ButtonRow>
      <span className={styles.seed}>
        <span aria-hidden="true">Seed of the random filters</span>
        <NumberField
          label="Seed of the random filters"
          value={state.controlSeed}
          min={0}
          max={2 ** 32 - 1}
          step={1}
          onChange={(value) => {
            forget.set({ controlSeed: Math.round(value), counts: null });
            if (state.applied === 'random') forget.drop('random');
          }}
        />
      </span>
    </ControlGroup>
  );
}

function dropAndShow(forget: Forget, choice: 'weights' | 'negative' | 'random'): void {
  forget.drop(choice);
  if (forget.store.getState().step === 'boxes' || forget.store.getState().step === 'weights') {
    forget.set({ step: 'pictures' });
  }
}

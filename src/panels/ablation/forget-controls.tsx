/** The Forget side's controls: the recipe in one press, and its parts. */
import { OUTSIDE_WEIGHT, type Box } from '../../core/boxes';
import type { UnitMask } from '../../model/source';
import type { BoxSet } from '../../model/box-set';
import { countUnits } from '../../session/mask';
import type { CurrentModel } from '../../session/session';
import { Button } from '../../ui/button';
import { NumberField } from '../../ui/number-field';
import { ButtonRow, ControlGroup } from '../../ui/panel-layout';
import { SegmentedControl } from '../../ui/segmented';
import { Slider } from '../../ui/slider';
import { sameBox } from './box-math';
import type { Forget, ForgetState } from './forget-store';
import styles from './forget.module.css';
import { layerTitle, mapLayers, titleOf } from './layers';
import { FIRST_SHARE, PAPER, type Choice, type Order, type Rule } from './rule';

interface PartProps {
  forget: Forget;
  state: ForgetState;
}

interface ModelPartProps extends PartProps {
  model: CurrentModel;
}

export function RecipeControls({ forget, state }: PartProps) {
  const { bundled, boxes, work } = state;
  const disabled = work !== null || (boxes.length === 0 && !bundled);
  const best = bundled?.point;
  // Without boxes the set that ships is loaded first.
  const count = boxes.length || (bundled?.boxes.length ?? 0);
  return (
    <ControlGroup>
      <Button look="primary" disabled={disabled} onClick={() => void forget.recipe()}>
        Forget {heldBy(boxes, bundled)}
      </Button>
      {best && (
        <Button disabled={disabled} onClick={() => void forget.dropBest()}>
          At the best point measured
        </Button>
      )}
      <p className={styles.hint}>
        The paper’s recipe:{' '}
        {count === 0
          ? 'draw boxes in step 1, fit on them'
          : `fit on ${count} ${count === 1 ? 'box' : 'boxes'}`}
        , drop every filter that speaks for them, draw the same z again.
        {best &&
          ` The best point drops ${Object.values(best).flat().length} filters that were measured to change the ${bundled.concept ?? 'boxes'} of the set that ships most and the rest least.`}
      </p>
    </ControlGroup>
  );
}

/** The concept of the set that ships, unless none of its boxes is left. */
function heldBy(boxes: readonly Box[], bundled: BoxSet | null): string {
  const isOfSet = (box: Box) =>
    bundled?.boxes.some((one) => one.sample === box.sample && sameBox(one, box)) ?? false;
  const known = boxes.length === 0 || boxes.some(isOfSet);
  return (known && bundled?.concept) || 'what the boxes hold';
}

const ORDERS: readonly { value: Order; label: string }[] = [
  { value: 'weight', label: 'Weight' },
  { value: 'effect', label: 'Measured effect' },
];

const MEANING: Record<Order, string> = {
  weight: 'The paper’s way: a regression tells places inside the boxes from others by the filters.',
  effect: `Each filter is dropped alone: what changes inside the boxes, less ${OUTSIDE_WEIGHT} times what changes outside. Takes longer.`,
};

/** What filters are chosen by, and of which layers. */
export function OrderControls({ model, forget, state }: ModelPartProps) {
  const toggle = (id: string) => {
    const has = state.layers.includes(id);
    const layers = mapLayers(model)
      .map((one) => one.id)
      .filter((one) => (one === id ? !has : state.layers.includes(one)));
    if (layers.length > 0) forget.set({ layers });
  };
  return (
    <ControlGroup title="Choose filters by">
      <SegmentedControl
        label="Choose filters by"
        value={state.order}
        options={ORDERS}
        onChange={forget.setOrder}
      />
      <p className={styles.hint}>{MEANING[state.order]}</p>
      <div className={styles.layers} role="group" aria-label="Layers to choose from">
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
          onClick={() => void forget.find()}
        >
          {state.order === 'weight' ? 'Fit' : 'Measure'}
        </Button>
      </ButtonRow>
    </ControlGroup>
  );
}

interface DropControlsProps extends ModelPartProps {
  /** The mask that pictures are drawn with. */
  active: UnitMask;
}

export function DropControls({ model, forget, state, active }: DropControlsProps) {
  const { rule, order } = state;
  const best = forget.best();
  const ready = rule.kind === 'point' || Object.keys(forget.scores()).length > 0;
  const count = countUnits(forget.units('rule') ?? {});
  const change = (next: Rule) => forget.set({ rule: next });
  const rules: Record<Rule['kind'], Rule> = {
    threshold: PAPER,
    share: { kind: 'share', share: FIRST_SHARE[order] },
    point: best ?? PAPER,
  };
  return (
    <ControlGroup title="Drop">
      <SegmentedControl
        label="Which filters"
        value={rule.kind}
        options={[
          { value: 'threshold', label: order === 'weight' ? 'Weight above' : 'Score above' },
          { value: 'share', label: 'Highest share' },
          ...(best ? [{ value: 'point' as const, label: 'Best point' }] : []),
        ]}
        onChange={(kind) => {
          const next = rules[kind];
          const { layers } = state;
          forget.set({
            rule: next,
            layers: next.kind === 'point' ? Object.keys(next.filters) : layers,
          });
        }}
      />
      <RuleFields {...{ model, forget, rule, order, ready, change }} />
      <ButtonRow>
        <Button disabled={count === 0} onClick={() => dropAndShow(forget, 'rule')}>
          Drop {count} {count === 1 ? 'filter' : 'filters'}
        </Button>
        <Button
          look="quiet"
          disabled={count === 0 || !forget.units('lowest')}
          onClick={() => dropAndShow(forget, 'lowest')}
        >
          {order === 'weight' ? 'Most negative' : 'Lowest'}
        </Button>
        <Button look="quiet" disabled={count === 0} onClick={() => dropAndShow(forget, 'random')}>
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
            forget.set({ controlSeed: Math.round(value) });
            if (forget.droppedAs(active) === 'random') forget.drop('random');
          }}
        />
      </span>
    </ControlGroup>
  );
}

interface RuleFieldsProps {
  model: CurrentModel;
  forget: Forget;
  rule: Rule;
  order: Order;
  ready: boolean;
  change: (rule: Rule) => void;
}

/** How many, in the terms of the rule. */
function RuleFields({ model, forget, rule, order, ready, change }: RuleFieldsProps) {
  if (rule.kind === 'point') {
    const parts = Object.entries(rule.filters).map(
      ([id, filters]) => `${filters.length} of ${titleOf(model, id)}`,
    );
    return <p className={styles.hint}>{parts.join(', ')}.</p>;
  }
  if (rule.kind === 'threshold') {
    const size = Math.max(
      0.01,
      ...Object.values(forget.scores()).flatMap((own) => Array.from(own, Math.abs)),
    );
    const limit = Math.ceil(size * 10) / 10;
    return (
      <Slider
        label="Threshold"
        value={rule.threshold}
        min={-limit}
        max={limit}
        step={0.01}
        mark={0}
        disabled={!ready}
        onChange={(threshold) => change({ kind: 'threshold', threshold })}
      />
    );
  }
  return (
    <Slider
      label={order === 'weight' ? 'Share of each layer' : 'Share of all these layers’ filters'}
      value={Math.round(rule.share * 100)}
      min={0}
      max={100}
      step={1}
      unit="%"
      disabled={!ready}
      onChange={(share) => change({ kind: 'share', share: share / 100 })}
    />
  );
}

function dropAndShow(forget: Forget, choice: Choice): void {
  forget.drop(choice);
  const { step } = forget.store.getState();
  if (step === 'boxes' || step === 'filters') forget.set({ step: 'pictures' });
}

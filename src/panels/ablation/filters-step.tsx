import { OUTSIDE_WEIGHT } from '../../core/boxes';
import type { Dissection } from '../../session/dissect';
import type { BoxEffects } from '../../session/effects';
import type { CurrentModel } from '../../session/session';
import { filtersByScore } from '../../session/forgetting';
import { Button } from '../../ui/button';
import { cx } from '../../ui/class-names';
import { useUrlParam } from '../../ui/session-context';
import { histogram } from './box-math';
import { EffectScatter } from './effect-scatter';
import type { Forget, ForgetState } from './forget-store';
import styles from './forget.module.css';
import { formatNumber } from './inspector';
import { layerTitle, shapeText } from './layers';
import { layerParam, sideParam, sortParam, type Sort } from './params';

interface FiltersStepProps {
  model: CurrentModel;
  forget: Forget;
  state: ForgetState;
}

/** What speaks for each filter: how well the regression tells and its weights, or the measured effects. */
export function FiltersStep({ model, forget, state }: FiltersStepProps) {
  const { order, layers, fits, effects, boxes, work } = state;
  const found = order === 'weight' ? fits : effects;
  const done = order === 'weight' ? 'fitted' : 'measured';
  if (boxes.length === 0) {
    return (
      <p className={styles.empty}>
        There are no boxes yet: in step 1, draw some around what the network should forget, or load
        a set.
      </p>
    );
  }
  if (!layers.some((layer) => found[layer])) {
    return (
      <div className={styles.empty}>
        <p>Nothing is {done} yet on these boxes.</p>
        <Button look="primary" disabled={work !== null} onClick={() => void forget.find()}>
          {order === 'weight' ? 'Fit' : 'Measure'} on {boxes.length}{' '}
          {boxes.length === 1 ? 'box' : 'boxes'}
        </Button>
      </div>
    );
  }
  const dropped = forget.chosen();
  return (
    <div className={styles.fits}>
      {order === 'effect' && (
        <p className={cx(styles.hint, styles.legend)}>
          A dot is a filter, in color where it is to be dropped. Above the line its score, inside
          less {OUTSIDE_WEIGHT} times outside, is more than {Number(lineOf(state).toFixed(2))}.
        </p>
      )}
      {layers.map((id) => {
        const layer = model.layers.find((one) => one.id === id)!;
        const [fit, effect] = [fits[id], effects[id]];
        const chosen = dropped[id] ?? [];
        return (
          <section
            key={id}
            className={styles.fit}
            aria-label={`${order === 'weight' ? 'Regression' : 'Effects'} on ${layerTitle(model, layer)}`}
          >
            <h2>
              {layerTitle(model, layer)} <span className={styles.muted}>{shapeText(layer)}</span>
            </h2>
            {order === 'weight'
              ? fit && <WeightReport {...{ state, fit, chosen }} />
              : effect && <EffectReport {...{ state, effect, chosen }} />}
            {!found[id] && (
              <p className={styles.hint}>
                Not {done} yet: press {order === 'weight' ? 'Fit' : 'Measure'}. Until then none of
                its filters is dropped.
              </p>
            )}
          </section>
        );
      })}
    </div>
  );
}

/** The score that the line among the dots stands for. */
function lineOf({ rule }: ForgetState): number {
  return rule.kind === 'threshold' ? rule.threshold : 0;
}

interface ReportProps {
  state: ForgetState;
  /** Filters of this layer that the rule drops. */
  chosen: readonly number[];
}

function WeightReport({ state, fit, chosen }: ReportProps & { fit: Dissection }) {
  const positive = Array.from(fit.weights).filter((weight) => weight > 0).length;
  const percent = (value: number | null) =>
    value === null ? 'not measured' : `${(value * 100).toFixed(1)} %`;
  return (
    <>
      <dl className={styles.numbers}>
        <dt>Places in boxes, and random ones</dt>
        <dd>
          {fit.positives} + {fit.negatives}
        </dd>
        <dt>Right on pictures held out ({fit.heldOutPictures})</dt>
        <dd data-testid="accuracy">{percent(fit.accuracy)}</dd>
        <dt>Area under the ROC curve</dt>
        <dd data-testid="auc">{fit.auc === null ? 'not measured' : fit.auc.toFixed(3)}</dd>
        <dt>Newton steps</dt>
        <dd>
          {fit.iterations}, {fit.converged ? 'converged' : 'not converged'}
        </dd>
        <dt>Weights above 0</dt>
        <dd data-testid="positive">
          {positive} of {fit.weights.length}
        </dd>
        <dt>To be dropped now</dt>
        <dd data-testid="to-drop">{chosen.length}</dd>
      </dl>
      <Histogram
        weights={fit.weights}
        chosen={chosen}
        threshold={state.rule.kind === 'threshold' ? state.rule.threshold : null}
      />
      <Strongest layer={fit.layer} scores={fit.weights} sort="weight" />
    </>
  );
}

function EffectReport({ state, effect, chosen }: ReportProps & { effect: BoxEffects }) {
  const { inside, outside, scores, pictures } = effect;
  const above = Array.from(scores).filter((score) => score > 0).length;
  return (
    <>
      <dl className={styles.numbers}>
        <dt>Pictures with boxes, measured</dt>
        <dd>{pictures}</dd>
        <dt>Inside more than {OUTSIDE_WEIGHT} times outside</dt>
        <dd data-testid="selective">
          {above} of {scores.length}
        </dd>
        <dt>To be dropped now</dt>
        <dd data-testid="to-drop">{chosen.length}</dd>
      </dl>
      <EffectScatter {...{ inside, outside, chosen }} threshold={lineOf(state)} />
      <Strongest layer={effect.layer} scores={scores} sort="score" />
    </>
  );
}

function Strongest(props: { layer: string; scores: ArrayLike<number>; sort: Sort }) {
  const { layer, scores, sort } = props;
  const [, setLayer] = useUrlParam(layerParam);
  const [, setSort] = useUrlParam(sortParam);
  const [, setSide] = useUrlParam(sideParam);
  const strongest = filtersByScore(scores).slice(0, 6);
  return (
    <p className={styles.hint}>
      Highest: {strongest.map((f) => `${f} (${formatNumber(scores[f]!)})`).join(', ')}{' '}
      <Button
        look="quiet"
        onClick={() => {
          setLayer(layer);
          setSort(sort);
          setSide('look');
        }}
      >
        See their maps
      </Button>
    </p>
  );
}

const WIDTH = 400;
const HEIGHT = 120;
const FOOT = 18;

interface HistogramProps {
  weights: ArrayLike<number>;
  chosen: readonly number[];
  threshold: number | null;
}

/** How many filters have which weight; those to be dropped in color. */
function Histogram({ weights, chosen, threshold }: HistogramProps) {
  const { edges, counts, chosenCounts } = histogram(weights, 24, chosen);
  const [low, high] = [edges[0]!, edges.at(-1)!];
  const top = Math.max(...counts);
  const x = (value: number) => ((value - low) / (high - low)) * WIDTH;
  const y = (count: number) => (HEIGHT - FOOT) * (1 - count / top);
  const bar = (bin: number, from: number, to: number) => ({
    x: x(edges[bin]!) + 1,
    width: x(edges[bin + 1]!) - x(edges[bin]!) - 2,
    y: y(to),
    height: y(from) - y(to),
  });
  return (
    <svg
      className={styles.histogram}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Weights from ${formatNumber(low)} to ${formatNumber(high)}, ${weights.length} filters, ${chosen.length} to be dropped`}
    >
      {counts.map((count, bin) => (
        <g key={bin}>
          <rect className={styles.bar} {...bar(bin, chosenCounts[bin]!, count)} />
          <rect className={styles.barDropped} {...bar(bin, 0, chosenCounts[bin]!)} />
        </g>
      ))}
      <line className={styles.axis} x1={0} x2={WIDTH} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} />
      {threshold !== null && threshold >= low && threshold <= high && (
        <line
          className={styles.threshold}
          x1={x(threshold)}
          x2={x(threshold)}
          y1={0}
          y2={HEIGHT - FOOT}
        />
      )}
      <text className={styles.axisText} x={0} y={HEIGHT - 4}>
        {formatNumber(low)}
      </text>
      <text className={styles.axisText} x={x(0)} y={HEIGHT - 4} textAnchor="middle">
        0
      </text>
      <text className={styles.axisText} x={WIDTH} y={HEIGHT - 4} textAnchor="end">
        {formatNumber(high)}
      </text>
    </svg>
  );
}

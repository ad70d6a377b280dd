import type { Dissection } from '../../session/dissect';
import type { CurrentModel } from '../../session/session';
import { filtersByWeight } from '../../session/forgetting';
import { Button } from '../../ui/button';
import { useUrlParam } from '../../ui/session-context';
import { histogram } from './box-math';
import type { Forget, ForgetState } from './forget-store';
import styles from './forget.module.css';
import { formatNumber } from './inspector';
import { layerTitle, shapeText } from './layers';
import { layerParam, sideParam, sortParam } from './params';

interface WeightsStepProps {
  model: CurrentModel;
  forget: Forget;
  state: ForgetState;
}

/** What the regression found: how well it tells, and each filter's weight. */
export function WeightsStep({ model, forget, state }: WeightsStepProps) {
  const fits = state.layers.flatMap((layer) => state.fits[layer] ?? []);
  if (fits.length === 0) {
    return (
      <div className={styles.empty}>
        <p>Nothing is fitted yet on these boxes.</p>
        <Button
          look="primary"
          disabled={state.boxes.length === 0 || state.work !== null}
          onClick={() => void forget.fit()}
        >
          Fit on {state.boxes.length} boxes
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.fits}>
      {fits.map((fit) => (
        <FitReport key={fit.layer} {...{ model, forget, state, fit }} />
      ))}
    </div>
  );
}

function FitReport({ model, forget, state, fit }: WeightsStepProps & { fit: Dissection }) {
  const [, setLayer] = useUrlParam(layerParam);
  const [, setSort] = useUrlParam(sortParam);
  const [, setSide] = useUrlParam(sideParam);
  const layer = model.layers.find(({ id }) => id === fit.layer)!;
  const dropped = Object.keys(forget.units('weights')[fit.layer] ?? {}).length;
  const positive = Array.from(fit.weights).filter((weight) => weight > 0).length;
  const strongest = filtersByWeight(fit.weights).slice(0, 6);
  const percent = (value: number | null) =>
    value === null ? 'not measured' : `${(value * 100).toFixed(1)} %`;
  return (
    <section className={styles.fit} aria-label={`Regression on ${layerTitle(model, layer)}`}>
      <h2>
        {layerTitle(model, layer)} <span className={styles.muted}>{shapeText(layer)}</span>
      </h2>
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
        <dd data-testid="to-drop">{dropped}</dd>
      </dl>
      <Histogram
        weights={fit.weights}
        threshold={state.rule.kind === 'threshold' ? state.rule.threshold : null}
      />
      <p className={styles.hint}>
        Strongest: {strongest.map((f) => `${f} (${formatNumber(fit.weights[f]!)})`).join(', ')}{' '}
        <Button
          look="quiet"
          onClick={() => {
            setLayer(fit.layer);
            setSort('weight');
            setSide('look');
          }}
        >
          See their maps
        </Button>
      </p>
    </section>
  );
}

const WIDTH = 400;
const HEIGHT = 120;
const FOOT = 18;

function Histogram(props: { weights: ArrayLike<number>; threshold: number | null }) {
  const { weights, threshold } = props;
  const { edges, counts } = histogram(weights, 24);
  const [low, high] = [edges[0]!, edges.at(-1)!];
  const top = Math.max(...counts);
  const x = (value: number) => ((value - low) / (high - low)) * WIDTH;
  const y = (count: number) => (HEIGHT - FOOT) * (1 - count / top);
  const above = threshold ?? Infinity;
  return (
    <svg
      className={styles.histogram}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Weights from ${formatNumber(low)} to ${formatNumber(high)}, ${weights.length} filters`}
    >
      {counts.map((count, bin) => (
        <rect
          key={bin}
          className={(edges[bin] ?? 0) >= above - 1e-9 ? styles.barDropped : styles.bar}
          x={x(edges[bin]!) + 1}
          width={x(edges[bin + 1]!) - x(edges[bin]!) - 2}
          y={y(count)}
          height={HEIGHT - FOOT - y(count)}
        />
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

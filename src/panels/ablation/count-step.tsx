import { useEffect } from 'react';
import { meanOf, type Share } from '../../core/statistics';
import type { Concept, ForgetCount } from '../../session/forgetting';
import type { CurrentModel } from '../../session/session';
import { Button } from '../../ui/button';
import { LineChart } from '../../ui/line-chart';
import { ButtonRow } from '../../ui/panel-layout';
import { Select } from '../../ui/select';
import { useSession } from '../../ui/session-context';
import { CURVE_SHARES, SCENES, type Curve, type Forget, type ForgetState } from './forget-store';
import styles from './forget.module.css';
import { formatNumber } from './inspector';
import { layerTitle } from './layers';

interface CountStepProps {
  model: CurrentModel;
  forget: Forget;
  state: ForgetState;
}

const NAMES: Partial<Record<Concept, string>> = {
  window: 'windows',
  glasses: 'glasses',
  smile: 'smiles',
  beard: 'beards',
  woman: 'women',
};

/** The judge's word on it: how many scenes still show the thing, and the curve. */
export function CountStep({ model, forget, state }: CountStepProps) {
  const session = useSession();
  const fitted = state.layers.some((layer) => state.fits[layer]);
  const concepts = useConcepts(model, forget, state);
  const busy = state.work !== null;
  useEffect(() => {
    session.models.judge().catch(() => undefined);
  }, [session, model]);

  if (!model.judge) {
    return (
      <p className={styles.empty}>
        {model.title} has no judge that could count, or it is still on its way. The pictures in step
        3 speak for themselves.
      </p>
    );
  }
  if (!fitted) {
    return <p className={styles.empty}>Fit first: there is nothing to drop yet.</p>;
  }
  return (
    <div className={styles.counting}>
      <ButtonRow>
        <Select
          label="What the judge counts"
          value={state.concept ?? concepts[0]!}
          options={concepts.map((value) => ({ value, label: nameOf(value) }))}
          onChange={(concept) => forget.set({ concept, counts: null, curves: [] })}
        />
        <Button look="primary" disabled={busy} onClick={() => void forget.count()}>
          Count over {SCENES} scenes
        </Button>
        <Button disabled={busy} onClick={() => void forget.curve()}>
          Draw the curve
        </Button>
      </ButtonRow>
      {state.counts && state.concept && <CountTable state={state} concept={state.concept} />}
      {state.curves.length > 0 && <CurveChart {...{ model, state }} />}
    </div>
  );
}

/** What this judge can tell as a probability; the first is asked for unless someone chose. */
function useConcepts(model: CurrentModel, forget: Forget, state: ForgetState): Concept[] {
  const concepts = (model.judge?.outputs ?? []).flatMap(({ name }) =>
    name === 'yawDegrees' ? [] : [name],
  );
  const wanted = concepts.find((name) => nameOf(name) === state.bundled?.concept);
  const first = wanted ?? concepts.find((name) => name === 'glasses') ?? concepts[0] ?? null;
  useEffect(() => {
    if (state.concept === null && first) forget.set({ concept: first });
  }, [forget, state.concept, first]);
  return concepts;
}

function nameOf(concept: Concept): string {
  return NAMES[concept] ?? concept;
}

function CountTable({ state, concept }: { state: ForgetState; concept: Concept }) {
  const counts = state.counts!;
  return (
    <>
      <table className={styles.table}>
        <caption>
          Scenes that show {nameOf(concept)} (P &gt; 0.5) of {SCENES}, and of those that the judge
          was sure of before (P &gt; 0.9) how many are gone (P &lt; 0.5); 95 % intervals
        </caption>
        <thead>
          <tr>
            <th scope="col">Filters</th>
            <th scope="col">Show it</th>
            <th scope="col">Gone</th>
          </tr>
        </thead>
        <tbody>
          <Row id="before" name="All filters" count={counts.before} />
          <Row id="weights" name={`${counts.filters} dropped by weight`} count={counts.weights} />
          <RandomRow filters={counts.filters} draws={counts.random} />
          <Row id="negative" name={`${counts.filters} most negative`} count={counts.negative} />
        </tbody>
      </table>
      {counts.change && (
        <p className={styles.hint} data-testid="pixel-change">
          Mean change of a pixel: {formatNumber(counts.change.inside)} of 255 inside the boxes,{' '}
          {formatNumber(counts.change.outside)} outside.
        </p>
      )}
    </>
  );
}

function Row({ id, name, count }: { id: string; name: string; count: ForgetCount }) {
  return (
    <tr data-testid={`count-${id}`}>
      <th scope="row">{name}</th>
      <td>
        {count.showing} <span className={styles.muted}>{interval(count.share)}</span>
      </td>
      <td>
        {id === 'before' ? (
          <span className={styles.muted}>{count.sure} sure</span>
        ) : (
          <>
            {count.gone} of {count.sure}{' '}
            <span className={styles.muted}>{interval(count.goneShare)}</span>
          </>
        )}
      </td>
    </tr>
  );
}

/** The control, drawn several times: its mean, and the least and the most of the draws. */
function RandomRow({ filters, draws }: { filters: number; draws: readonly ForgetCount[] }) {
  const range = (values: readonly number[]) =>
    `${Math.round(Math.min(...values) * 100)} to ${Math.round(Math.max(...values) * 100)} %`;
  const shows = draws.map(({ share }) => share.share);
  const gone = draws.map(({ goneShare }) => goneShare.share);
  return (
    <tr data-testid="count-random">
      <th scope="row">
        {filters} at random, {draws.length} draws
      </th>
      <td>
        {Math.round(meanOf(draws.map(({ showing }) => showing)))}{' '}
        <span className={styles.muted}>
          {Math.round(meanOf(shows) * 100)} % (draws: {range(shows)})
        </span>
      </td>
      <td>
        {Math.round(meanOf(draws.map((one) => one.gone)))} of {draws[0]?.sure ?? 0}{' '}
        <span className={styles.muted}>
          {Math.round(meanOf(gone) * 100)} % (draws: {range(gone)})
        </span>
      </td>
    </tr>
  );
}

function interval({ share, low, high }: Share): string {
  const percent = (value: number) => String(Math.round(value * 100));
  return Number.isNaN(share) ? '' : `${percent(share)} % (${percent(low)} to ${percent(high)})`;
}

function CurveChart({ model, state }: { model: CurrentModel; state: ForgetState }) {
  const most = CURVE_SHARES.at(-1)! * 100;
  const labelOf = ({ label, choice }: Curve) => {
    const layer = model.layers.find(({ id }) => id === label);
    const name = layer ? layerTitle(model, layer) : label;
    return choice === 'random' ? `${name}, random` : name;
  };
  const last = state.curves.at(-1)!;
  return (
    <LineChart
      summary={`Share of scenes left against the share of filters dropped: ${state.curves
        .map((curve) => `${labelOf(curve)} ends at ${percentLeft(curve)} %`)
        .join('; ')}`}
      series={state.curves.map((curve) => ({
        label: labelOf(curve),
        values: curve.points.map(({ left }) => left.share * 100),
        dashed: curve.choice === 'random',
        emphasis: curve === last || curve.label === 'together',
      }))}
      xRange={[0, most]}
      yRange={[0, 100]}
      xLabel="% of the layer’s filters dropped"
      yLabel="% of scenes left"
      cursor={state.rule.kind === 'share' ? Math.min(most, state.rule.share * 100) : null}
      height={200}
    />
  );
}

function percentLeft({ points }: Curve): number {
  return Math.round((points.at(-1)?.left.share ?? 0) * 100);
}

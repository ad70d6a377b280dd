import { useEffect } from 'react';
import { meanOf, type Share } from '../../core/statistics';
import type { Concept, CurvePoint, ForgetCount, PixelChange } from '../../session/forgetting';
import type { CurrentModel } from '../../session/session';
import { Button } from '../../ui/button';
import { LineChart } from '../../ui/line-chart';
import { ButtonRow } from '../../ui/panel-layout';
import { Select } from '../../ui/select';
import { useSession } from '../../ui/session-context';
import { SCENES, type Curve } from './forget-count';
import type { Forget, ForgetState } from './forget-store';
import styles from './forget.module.css';
import { formatNumber } from './inspector';
import { titleOf } from './layers';

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
  const scored = Object.keys(forget.scores()).length > 0;
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
  if (!scored && state.rule.kind !== 'point') {
    const first = state.boxes.length === 0 ? 'Draw boxes in step 1, then fit' : 'Fit';
    return <p className={styles.empty}>{first} or measure: there is nothing to drop yet.</p>;
  }
  return (
    <div className={styles.counting}>
      <ButtonRow>
        <Select
          label="What the judge counts"
          value={state.concept ?? concepts[0]!}
          options={concepts.map((value) => ({ value, label: nameOf(value) }))}
          onChange={(concept) => forget.set({ concept })}
        />
        <Button look="primary" disabled={busy} onClick={() => void forget.count()}>
          Count over {SCENES} scenes
        </Button>
        <Button disabled={busy || !scored} onClick={() => void forget.curve()}>
          Draw the curve
        </Button>
      </ButtonRow>
      {state.counts && state.concept && <CountTable state={state} concept={state.concept} />}
      {state.curves.length > 0 && <CurveChart {...{ model, state }} />}
      <PointTable {...{ forget, state }} />
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
          <Row
            id="dropped"
            name={`${counts.filters} dropped ${ruleName(state)}`}
            count={counts.dropped}
          />
          <RandomRow filters={counts.filters} draws={counts.random} />
          {counts.lowest && (
            <Row
              id="lowest"
              name={`${counts.filters} ${state.order === 'weight' ? 'most negative' : 'of the lowest score'}`}
              count={counts.lowest}
            />
          )}
        </tbody>
      </table>
      {counts.change && (
        <p className={styles.hint} data-testid="pixel-change">
          Mean change of a pixel: {formatNumber(counts.change.inside)} of 255 inside the boxes,{' '}
          {formatNumber(counts.change.outside)} outside: {ratioText(counts.change)}.
        </p>
      )}
    </>
  );
}

function ruleName({ rule, order }: ForgetState): string {
  if (rule.kind === 'point') return 'at the best point';
  return order === 'weight' ? 'by weight' : 'by measured effect';
}

/** '46 %': the change outside the boxes as a share of that inside. */
function ratioText({ inside, outside }: PixelChange): string {
  return inside > 0 ? solid(`${Math.round((100 * outside) / inside)} % of it`) : 'nothing changed';
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
    solid(`${Math.round(Math.min(...values) * 100)} to ${Math.round(Math.max(...values) * 100)} %`);
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
          {solid(`${Math.round(meanOf(shows) * 100)} %`)} (draws: {range(shows)})
        </span>
      </td>
      <td>
        {Math.round(meanOf(draws.map((one) => one.gone)))} of {draws[0]?.sure ?? 0}{' '}
        <span className={styles.muted}>
          {solid(`${Math.round(meanOf(gone) * 100)} %`)} (draws: {range(gone)})
        </span>
      </td>
    </tr>
  );
}

function interval({ share, low, high }: Share): string {
  const percent = (value: number) => String(Math.round(value * 100));
  if (Number.isNaN(share)) return '';
  return `${solid(`${percent(share)} %`)} ${solid(`(${percent(low)} to ${percent(high)})`)}`;
}

/** Words that stay on one line, in the narrow cells of a phone too. */
function solid(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

function CurveChart({ model, state }: { model: CurrentModel; state: ForgetState }) {
  const most = Math.max(...state.curves.flatMap(({ points }) => points.map(percentOf)));
  const labelOf = ({ layers, by }: Curve) => {
    const name = titleOf(model, layers);
    if (by === 'random') return `${name}, random`;
    return by === state.order ? name : `${name}, by ${by}`;
  };
  const main = mainCurve(state);
  return (
    <LineChart
      summary={`Share of scenes left against the share of filters dropped: ${state.curves
        .map((curve) => `${labelOf(curve)} ends at ${percentLeft(curve.points.at(-1))} %`)
        .join('; ')}`}
      series={state.curves.map((curve) => ({
        label: labelOf(curve),
        at: curve.points.map(percentOf),
        values: curve.points.map(percentLeft),
        dashed: curve.by !== state.order,
        emphasis: curve === main,
      }))}
      xRange={[0, most]}
      yRange={[0, 100]}
      xLabel={
        state.order === 'weight' ? '% of each layer’s filters dropped' : '% of the filters dropped'
      }
      yLabel="% of scenes left"
      cursor={state.rule.kind === 'share' ? Math.min(most, state.rule.share * 100) : null}
      height={220}
      labelled
    />
  );
}

/** The curve of all layers in the order in use: the one that a point is chosen from. */
function mainCurve({ curves, order }: ForgetState): Curve | undefined {
  return curves.findLast(({ by, points }) => by === order && points.at(-1)?.change);
}

/** The points of that curve with what they do to the pictures; each can be dropped from here. */
function PointTable({ forget, state }: { forget: Forget; state: ForgetState }) {
  const main = mainCurve(state);
  if (!main) return null;
  const drop = (share: number) => {
    forget.set({ rule: { kind: 'share', share } });
    forget.drop('rule');
  };
  return (
    <table className={styles.table}>
      <caption>
        The points of the curve, with the mean change of a pixel of the boxed samples, of 255
      </caption>
      <thead>
        <tr>
          <th scope="col">Filters</th>
          <th scope="col">Scenes left</th>
          <th scope="col">Inside</th>
          <th scope="col">Outside</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {main.points.slice(1).map((point) => (
          <tr key={point.share} data-testid="curve-point">
            <th scope="row">
              {point.filters}{' '}
              <span className={styles.muted}>{solid(`(${percentOf(point)} %)`)}</span>
            </th>
            <td>{interval(point.left)}</td>
            <td>{point.change && formatNumber(point.change.inside)}</td>
            <td>
              {point.change && (
                <>
                  {formatNumber(point.change.outside)}{' '}
                  <span className={styles.muted}>{ratioText(point.change)}</span>
                </>
              )}
            </td>
            <td>
              <Button
                look="quiet"
                aria-label={`Drop these ${point.filters} filters`}
                onClick={() => drop(point.share)}
              >
                Drop
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function percentOf({ share }: CurvePoint): number {
  return Math.round(share * 100);
}

function percentLeft(point: CurvePoint | undefined): number {
  return Math.round((point?.left.share ?? 0) * 100);
}

import { useMemo } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { RunInfo, TrainingRunState } from '../../session/training/training';
import { TimeChart, type ChartData, type ChartFeed } from '../../ui/time-chart';
import type { TimeSeries } from '../../ui/time-plot';
import { Numbers } from './numbers';
import styles from './run.module.css';
import { smoothed } from './smooth';
import { useRun, useTraining } from './use-training';
import { formatCount } from './words';

const LOSSES: readonly TimeSeries[] = [
  { label: 'D, each step', color: 'text', faint: true },
  { label: 'G, each step', color: 'accent', faint: true },
  { label: 'D', color: 'text' },
  { label: 'G', color: 'accent' },
];

const SAYS: readonly TimeSeries[] = [
  { label: 'real, each step', color: 'text', faint: true },
  { label: 'fake, each step', color: 'accent', faint: true },
  { label: 'D(x)', color: 'text' },
  { label: 'D(G(z))', color: 'accent' },
];

const QUALITY: readonly TimeSeries[] = [
  { label: 'distance', color: 'accent' },
  { label: 'diversity', color: 'text' },
  { label: 'data’s', color: 'text-muted', dashed: true },
];

const SHARE = [0, 1] as const;
/** Steps over which curves are smoothed. */
const SPAN = 15;

/** Losses, what D says, and how good the pictures are. */
export function Charts({ run }: { run: RunInfo }) {
  const { store } = useTraining();
  const feeds = useMemo(
    () => ({
      losses: feedOf(store, ({ history, marks }) => ({
        x: history.step,
        columns: withSmooth(history.lossD, history.lossG),
        marks: numbered(marks),
      })),
      says: feedOf(store, ({ history, marks }) => ({
        x: history.step,
        columns: withSmooth(history.real, history.fake),
        marks: numbered(marks),
      })),
      quality: feedOf(store, ({ measures, marks }) => ({
        x: measures.map(({ step }) => step),
        columns: [
          measures.map(({ slicedWasserstein }) => slicedWasserstein),
          measures.map(({ diversity }) => diversity),
          measures.map(() => run.dataDiversity),
        ],
        marks: numbered(marks),
      })),
    }),
    [store, run.dataDiversity],
  );
  return (
    <>
      <TimeChart
        title="Losses"
        xName="step"
        className={styles.chart}
        series={LOSSES}
        feed={feeds.losses}
        format={(value) => value.toFixed(2)}
        summary={(data) => spoken('Losses', data, ['of D', 'of G'], 2)}
      />
      <TimeChart
        title="What D says"
        xName="step"
        className={styles.chart}
        series={SAYS}
        feed={feeds.says}
        yRange={SHARE}
        format={(value) => value.toFixed(2)}
        summary={(data) => spoken('What D says', data, ['of real ones', 'of G’s'], 2)}
      />
      <TimeChart
        title="Quality"
        xName="step"
        className={styles.chart}
        series={QUALITY}
        feed={feeds.quality}
        format={(value) => value.toFixed(1)}
        summary={(data) =>
          spoken('Quality', data, ['distance to real pictures', 'diversity', 'of the data'], 0)
        }
      />
      <Newest run={run} />
    </>
  );
}

type Shown = Pick<TrainingRunState, 'history' | 'marks' | 'measures'>;

/** Reads once for each change of what it shows, however often it is asked. */
function feedOf(store: StoreApi<TrainingRunState>, read: (state: Shown) => ChartData): ChartFeed {
  let known: { history: unknown; marks: unknown; measures: unknown; data: ChartData } | null = null;
  return {
    read() {
      const state = store.getState();
      const { history, marks, measures } = state;
      if (known?.history !== history || known.marks !== marks || known.measures !== measures) {
        known = { history, marks, measures, data: read(state) };
      }
      return known.data;
    },
    subscribe: (listener) =>
      store.subscribe((state, before) => {
        const isNew =
          state.history !== before.history ||
          state.marks !== before.marks ||
          state.measures !== before.measures;
        if (isNew) listener();
      }),
  };
}

function withSmooth(a: readonly number[], b: readonly number[]): readonly (readonly number[])[] {
  return [a, b, smoothed(a, SPAN), smoothed(b, SPAN)];
}

function numbered(marks: TrainingRunState['marks']) {
  return marks.map(({ step }, index) => ({ x: step, number: index + 1 }));
}

/** 'Losses, steps 0 to 340: of D 0.82, of G 1.10.' `skipped`: raw columns before them. */
function spoken(
  title: string,
  { x, columns }: ChartData,
  names: readonly string[],
  skipped: number,
): string {
  const last = x.length - 1;
  if (last < 0) return `${title}: nothing yet.`;
  const parts = names.map((name, index) => {
    const value = columns[index + skipped]?.[last] ?? NaN;
    return `${name} ${Number.isFinite(value) ? value.toFixed(2) : 'not known'}`;
  });
  return `${title}, steps ${x[0]} to ${x[last]}: ${parts.join(', ')}.`;
}

/** The newest measurement for whoever reads the page by other means, tests among them. */
function Newest({ run: { data, dataDiversity } }: { run: RunInfo }) {
  const first = useRun((state) => state.measures[0]);
  const last = useRun((state) => state.measures.at(-1));
  const now = last?.slicedWasserstein ?? NaN;
  const then = first?.slicedWasserstein ?? NaN;
  return (
    <div
      className={styles.newest}
      data-testid="quality"
      data-step={last?.step}
      data-distance={now}
      data-first-distance={then}
      data-diversity={last?.diversity}
      data-diversity-of-data={dataDiversity}
    >
      <p title="Sliced Wasserstein distance of G’s pictures to real ones; diversity: how far G’s pictures differ among themselves">
        Levels of 0 to 255, {data.heldOut === 0 ? 'none held out' : 'held-out pictures'}
      </p>
      <Numbers heldOut={data.heldOut} />
    </div>
  );
}

/** What the numbers over the dashed lines mean. */
export function Marks() {
  const marks = useRun((state) => state.marks);
  if (marks.length === 0) return null;
  return (
    <ol className={styles.marks} aria-label="Changes">
      {marks.map(({ step, label }, index) => (
        <li key={index} value={index + 1}>
          step {formatCount(step)}: {label}
        </li>
      ))}
    </ol>
  );
}

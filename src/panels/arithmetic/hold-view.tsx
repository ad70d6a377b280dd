import { useMemo, useRef, useState } from 'react';
import { isAbort } from '../../lib/errors';
import { uniform } from '../../lib/rng';
import { Button } from '../../ui/button';
import { ProgressBar } from '../../ui/progress-bar';
import type { Settings } from './answer';
import { expectedTraits, ruleText } from './expectation';
import { measureHold, shareText, HOLD_KINDS, type HoldKind, type HoldResult } from './hold';
import { holdTerms } from './hold-pools';
import styles from './hold-view.module.css';
import { describeTraits } from './reading';
import type { ResolvedTerm } from './resolve';
import { randomControl, singleOf, solve } from './solve';
import { useShown, useWorkbench } from './workbench';

const TRIALS = 100;
/** Stream of the shuffles: apart from those of core/latent.ts. */
const SHUFFLE_STREAM = 17;
/** Random numbers set aside a trial: eight groups of sixteen exemplars. */
const NUMBERS_A_TRIAL = 128;

const KIND_LABELS: Readonly<Record<HoldKind, string>> = {
  averaged: 'averaged',
  single: 'one exemplar',
  random: 'random vector',
};

interface HoldViewProps {
  terms: readonly ResolvedTerm[];
  settings: Settings;
}

/** "How often does this hold?": other exemplars of the same concepts, a hundred times. */
export function HoldView({ terms, settings }: HoldViewProps) {
  const { session, model, library, judge } = useWorkbench();
  const z = useMemo(() => terms.flatMap((term) => term.z), [terms]);
  const shown = useShown('hold', z);
  const [progress, setProgress] = useState<number | null>(null);
  const [result, setResult] = useState<{ of: readonly ResolvedTerm[]; value: HoldResult } | null>(
    null,
  );
  const controller = useRef<AbortController | null>(null);

  const expected = useMemo(() => {
    if (!shown.judged) return {};
    let at = 0;
    return expectedTraits(
      terms.map(({ sign, z: latents }) => ({
        sign,
        readings: latents.flatMap(() => shown.pictures[at++]?.reading ?? []),
      })),
    );
  }, [terms, shown]);

  if (!model.judge && shown.judged && !shown.pictures.some((picture) => picture?.reading)) {
    return null;
  }

  const measure = async () => {
    const abort = new AbortController();
    const filled = terms.filter(({ z: latents }) => latents.length > 0);
    controller.current = abort;
    setProgress(0);
    try {
      const value = await measureHold(
        {
          terms: holdTerms(filled, library),
          expected,
          trials: TRIALS,
          solve: (groups, kind, trial) => {
            const drawn = filled.map(({ sign }, at) => ({ sign, z: groups[at] ?? [] }));
            const options = { ...settings, fade: 1 };
            const solution = solve(kind === 'single' ? singleOf(drawn, 0) : drawn, options);
            if (!solution) return new Float32Array(settings.latent.size);
            if (kind !== 'random') return solution.result;
            return randomControl(solution, options, settings.seed, trial);
          },
          random: (trial, index) =>
            uniform(settings.seed, SHUFFLE_STREAM, trial * NUMBERS_A_TRIAL + index),
        },
        async (latents, signal) => {
          const images = await session.generator.render(latents, signal ? { signal } : {});
          return (await judge(images)) ?? [];
        },
        { signal: abort.signal, onProgress: ({ fraction }) => setProgress(fraction) },
      );
      setResult({ of: terms, value });
    } catch (error) {
      if (!isAbort(error)) session.notices.postError(error);
    } finally {
      setProgress(null);
    }
  };

  const rule = ruleText(expected);
  const current = result?.of === terms ? result.value : null;
  return (
    <section className={styles.hold} aria-labelledby="hold-title" data-testid="hold">
      <h2 id="hold-title">How often does this hold?</h2>
      {progress !== null ? (
        <ProgressBar
          label={`Drawing ${TRIALS} other triples`}
          fraction={progress}
          onCancel={() => controller.current?.abort()}
        />
      ) : current ? (
        <Shares result={current} />
      ) : (
        <p className={styles.rule}>
          {rule === ''
            ? shown.judged
              ? 'The judge sees no difference between these groups, so there is nothing to count.'
              : 'The judge is looking at the groups …'
            : `${TRIALS} times with other exemplars: how often is it ${describeTraits(expected)}?`}
        </p>
      )}
      {progress === null && (
        <div className={styles.foot}>
          <Button disabled={rule === ''} onClick={() => void measure()}>
            {current ? 'Measure again' : 'Measure'}
          </Button>
          {rule !== '' && <span className={styles.rule}>Counts as agreed: {rule}.</span>}
        </div>
      )}
    </section>
  );
}

/** Share and 95 % interval of each kind, on one axis from 0 to 100 %. */
function Shares({ result }: { result: HoldResult }) {
  return (
    <dl className={styles.shares}>
      {HOLD_KINDS.map((kind) => {
        const share = result[kind];
        return (
          <div key={kind} className={styles.share} data-kind={kind}>
            <dt>{KIND_LABELS[kind]}</dt>
            <dd>
              <span className={styles.axis} aria-hidden="true">
                <span
                  className={styles.interval}
                  style={{
                    left: `${share.low * 100}%`,
                    width: `${(share.high - share.low) * 100}%`,
                  }}
                />
                <span className={styles.point} style={{ left: `${share.share * 100}%` }} />
              </span>
              <span className={styles.number}>{shareText(share)}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

import { useEffect, useMemo, useState } from 'react';
import { norm } from '../../core/latent';
import { IconButton } from '../../ui/button';
import { ChevronLeftIcon, ChevronRightIcon } from '../../ui/icons';
import { useLatentDrag } from '../../ui/latent-drag';
import { SegmentedControl } from '../../ui/segmented';
import { useUrlParam } from '../../ui/session-context';
import type { Answer, Settings } from './answer';
import styles from './comparisons.module.css';
import { baseIndex } from './equation';
import { Face, Meters } from './face';
import type { Picture } from './gallery';
import { change } from './history';
import { controlsParam, singleParam } from './params';
import { combinePixels } from './pixel-arithmetic';
import type { ResolvedTerm } from './resolve';
import { exactPayload, useShown, useWorkbench } from './workbench';

interface ComparisonsProps {
  terms: readonly ResolvedTerm[];
  answer: Answer | null;
  settings: Settings;
}

/** What the result is to be held against; the two controls are one click away. */
export function Comparisons({ terms, answer, settings }: ComparisonsProps) {
  const { bench } = useWorkbench();
  const [controls] = useUrlParam(controlsParam);
  return (
    <section className={styles.comparisons} aria-labelledby="compare-title">
      <div className={styles.choice}>
        <h2 id="compare-title">Compare with</h2>
        <SegmentedControl
          label="Compare with"
          value={controls ? 'controls' : 'others'}
          options={[
            { value: 'others', label: 'Other ways' },
            { value: 'controls', label: 'Controls' },
          ]}
          onChange={(next) => bench.commit('compare', [change(controlsParam, next === 'controls')])}
        />
      </div>
      {answer &&
        (controls ? (
          <Controls {...{ terms, answer }} />
        ) : (
          <Others {...{ terms, answer, settings }} />
        ))}
    </section>
  );
}

function Others({ terms, answer, settings }: ComparisonsProps & { answer: Answer }) {
  const shown = useShown(
    'singles',
    useMemo(() => [answer.single, answer.singleAtLength], [answer]),
  );
  const pixels = usePixels(terms, settings.fade);
  return (
    <>
      <Comparison
        title="One exemplar a group"
        notice="Less of what they share, more of that one picture."
        z={answer.single}
        picture={shown.pictures[0] ?? null}
        aside={<SingleStepper terms={terms} single={settings.single} />}
      />
      <Comparison
        title="The same, at equal |z|"
        notice="As short as the average: is it the length that helps, or the averaging?"
        z={answer.singleAtLength}
        picture={shown.pictures[1] ?? null}
      />
      <Comparison
        title="Pixels instead of z"
        notice="Pictures laid over each other: ghosts, nothing new."
        z={null}
        picture={pixels}
      />
    </>
  );
}

function Controls({ terms, answer }: { terms: readonly ResolvedTerm[]; answer: Answer }) {
  const shown = useShown(
    'controls',
    useMemo(() => [answer.baseAlone, answer.random], [answer]),
  );
  const base = terms[baseIndex(terms)]?.name ?? 'Nothing';
  return (
    <>
      <Comparison
        title={`${base} alone`}
        notice="What is here already is not the difference’s doing."
        z={answer.baseAlone}
        picture={shown.pictures[0] ?? null}
      />
      <Comparison
        title="Plus a random vector"
        notice="As long as the difference, but in any direction: another picture, not the trait."
        z={answer.random}
        picture={shown.pictures[1] ?? null}
      />
    </>
  );
}

interface ComparisonProps {
  title: string;
  /** What to look for. */
  notice: string;
  /** Null for what is no latent. */
  z: Float32Array | null;
  picture: Picture | null;
  aside?: React.ReactNode;
}

function Comparison({ title, notice, z, picture, aside }: ComparisonProps) {
  const workbench = useWorkbench();
  const [dragId] = useState(() => `comparison-${nextDragId++}`);
  const { setNodeRef, listeners } = useLatentDrag(
    dragId,
    () => (z ? exactPayload(workbench, z, title, picture) : null),
    z === null,
  );
  return (
    <figure className={styles.comparison} data-testid="comparison">
      <div ref={setNodeRef} className={styles.face} {...listeners}>
        <Face picture={picture} label={title} />
      </div>
      <figcaption className={styles.caption}>
        <span className={styles.head}>
          <strong>{title}</strong>
          {aside}
        </span>
        <span className={styles.notice}>
          {notice}
          {z && <span className={styles.length}> |z| {norm(z).toFixed(1)}</span>}
        </span>
        <Meters reading={picture?.reading ?? null} size="bars" />
      </figcaption>
    </figure>
  );
}

/** Which exemplar: from one to the next. */
function SingleStepper({ terms, single }: { terms: readonly ResolvedTerm[]; single: number }) {
  const { bench } = useWorkbench();
  const most = Math.max(1, ...terms.map(({ z }) => z.length));
  const at = Math.min(single, most - 1);
  const step = (by: number) =>
    bench.commit('another exemplar', [change(singleParam, (at + by + most) % most)]);
  return (
    <span className={styles.stepper}>
      <IconButton label="Exemplar before" disabled={most < 2} onClick={() => step(-1)}>
        <ChevronLeftIcon />
      </IconButton>
      <span aria-live="polite">
        {at + 1}/{most}
      </span>
      <IconButton label="Next exemplar" disabled={most < 2} onClick={() => step(1)}>
        <ChevronRightIcon />
      </IconButton>
    </span>
  );
}

/** The same sums on the bytes of the exemplars' pictures, and what the judge says of it. */
function usePixels(terms: readonly ResolvedTerm[], fade: number): Picture | null {
  const { judge } = useWorkbench();
  const picture = usePixelPicture(terms, fade);
  const [judged, setJudged] = useState<Picture | null>(null);
  useEffect(() => {
    if (!picture) return;
    let overtaken = false;
    const { width, height, rgba } = picture;
    judge({ count: 1, width, height, data: rgba, latencyMs: 0 }).then(
      (readings) => {
        if (!overtaken) setJudged({ ...picture, reading: readings?.[0] ?? null });
      },
      // The gallery, which asks the same judge, has said why.
      () => undefined,
    );
    return () => {
      overtaken = true;
    };
  }, [judge, picture]);
  return judged?.rgba === picture?.rgba ? judged : picture;
}

function usePixelPicture(terms: readonly ResolvedTerm[], fade: number): Picture | null {
  const z = useMemo(() => terms.flatMap((term) => term.z), [terms]);
  const shown = useShown('pixels', z);
  return useMemo(() => {
    if (!shown.current) return null;
    let at = 0;
    const groups = terms.map(({ sign, z: latents }) => ({
      sign,
      pictures: latents.flatMap(() => shown.pictures[at++]?.rgba ?? []),
    }));
    const rgba = combinePixels(groups, fade);
    const { width = 0, height = 0 } = shown.pictures[0] ?? {};
    return rgba && { rgba, width, height, reading: null };
  }, [terms, shown, fade]);
}

let nextDragId = 0;

import { useMemo, useState } from 'react';
import { moveAlong } from '../../core/latent';
import type { JudgeOutput } from '../../model/spec';
import { Button } from '../../ui/button';
import { KeepIcon } from '../../ui/icons';
import { Slider } from '../../ui/slider';
import { TextField } from '../../ui/text-field';
import { useUrlParam } from '../../ui/session-context';
import type { Picture } from './gallery';
import { Group } from './group';
import { change } from './history';
import { turnReachParam, turnStepParam } from './params';
import { pictureDataUrl } from './picture-url';
import { Problems } from './problems';
import { degreesText } from './reading';
import type { ResolvedTerm } from './resolve';
import { Tray } from './tray';
import { TurnChart } from './turn-chart';
import {
  FACES,
  FROM,
  TO,
  directionOf,
  isNoDirection,
  mainDifference,
  measureTurn,
  rowsOf,
} from './turn';
import { Rows } from './turn-rows';
import styles from './turn-side.module.css';
import { useShown, useTerms, useWorkbench } from './workbench';

const NO_LATENTS: readonly Float32Array[] = [];

/** Two groups give a direction; faces are moved along it. */
export function TurnSide() {
  const { model } = useWorkbench();
  const terms = useTerms('turn');
  const [step] = useUrlParam(turnStepParam);
  const [reach] = useUrlParam(turnReachParam);
  const direction = useMemo(() => directionOf(terms, model.spec.latent.size), [terms, model]);
  const faces = terms[FACES]?.z ?? NO_LATENTS;
  const rows = useMemo(
    () => (direction ? rowsOf(faces, direction, reach) : NO_LATENTS),
    [faces, direction, reach],
  );
  const live = useMemo(
    () => (direction ? faces.map((z) => moveAlong(z, direction, step)) : NO_LATENTS),
    [faces, direction, step],
  );
  const shownLive = useShown('turn-live', live);
  const shownRows = useShown('turn-rows', rows);
  const [from, to] = [terms[FROM], terms[TO]];
  if (!from || !to) return null;

  return (
    <div className={styles.side}>
      <Problems board="turn" terms={terms} />
      <div className={styles.row}>
        <div className={styles.groups} role="group" aria-label="Direction">
          <Group board="turn" index={FROM} term={from} count={3} fixed />
          <span className={styles.arrow} aria-hidden="true">
            →
          </span>
          <Group board="turn" index={TO} term={to} count={3} fixed />
        </div>
        <Rows
          term={terms[FACES]}
          reach={reach}
          live={shownLive.pictures}
          rows={shownRows.pictures}
          latents={rows}
        />
        <div className={styles.measure}>
          <StepControls step={step} reach={reach} />
          <Curve from={from} to={to} rows={shownRows.pictures} reach={reach} step={step} />
          <KeepDirection from={from} to={to} direction={direction} />
        </div>
      </div>
      <div className={styles.foot}>
        <Tray />
      </div>
    </div>
  );
}

function StepControls({ step, reach }: { step: number; reach: number }) {
  const { bench } = useWorkbench();
  return (
    <>
      <Slider
        label="Move the pictures"
        min={-2}
        max={2}
        step={0.05}
        mark={0}
        value={step}
        onChange={(value) => bench.commit('move', [change(turnStepParam, value)], 'turn-step')}
      />
      <Slider
        label="Steps of the rows, ±"
        min={0.1}
        max={2}
        step={0.05}
        mark={1}
        value={reach}
        onChange={(value) => bench.commit('reach', [change(turnReachParam, value)], 'turn-reach')}
      />
    </>
  );
}

interface CurveProps {
  from: ResolvedTerm;
  to: ResolvedTerm;
  rows: readonly (Picture | null)[];
  reach: number;
  step: number;
}

const AXIS_LABELS: Readonly<Record<JudgeOutput['name'], string>> = {
  yawDegrees: 'Turn in degrees',
  smile: 'Smile',
  woman: 'Woman',
  glasses: 'Glasses',
  beard: 'Beard',
  window: 'Window',
};

/** The judge's number against the step: what the groups differ in most. */
function Curve({ from, to, rows, reach, step }: CurveProps) {
  const fromShown = useShown('turn-from', from.z);
  const toShown = useShown('turn-to', to.z);
  const name = useMemo(() => {
    const read = (pictures: readonly (Picture | null)[]) =>
      pictures.flatMap((picture) => picture?.reading ?? []);
    return mainDifference(read(fromShown.pictures), read(toShown.pictures));
  }, [fromShown, toShown]);
  if (name === null) return null;
  const measure = measureTurn(
    rows.map((picture) => picture?.reading ?? null),
    name,
    reach,
  );
  const isAngle = name === 'yawDegrees';
  const perStep = isAngle ? degreesText(measure.slope) : measure.slope.toFixed(2).replace('-', '−');
  const summary = Number.isFinite(measure.slope)
    ? `${perStep} a step on average, correlation ${measure.correlation.toFixed(2).replace('-', '−')}`
    : 'The judge is looking at the rows …';
  return (
    <div className={styles.curve} data-testid="curve">
      <span className={styles.axis}>{AXIS_LABELS[name]}, by step</span>
      <TurnChart
        summary={`${AXIS_LABELS[name]} against the step: ${summary}`}
        rows={measure.rows}
        mean={measure.mean}
        reach={reach}
        yRange={isAngle ? [-45, 45] : [0, 1]}
        cursor={Math.abs(step) <= reach ? step : null}
      />
      <p className={styles.slope} data-testid="slope">
        {summary}
      </p>
    </div>
  );
}

interface KeepDirectionProps {
  from: ResolvedTerm;
  to: ResolvedTerm;
  direction: Float32Array | null;
}

/** The direction under a name, for every panel that takes one. */
function KeepDirection({ from, to, direction }: KeepDirectionProps) {
  const { session, model, gallery } = useWorkbench();
  const [draft, setDraft] = useState<string | null>(null);
  const name = draft ?? `${from.name} → ${to.name}`;
  const keep = () => {
    if (!direction || isNoDirection(direction)) return;
    const face = to.z[0];
    const thumbnail = pictureDataUrl(face && gallery.peek(face));
    session.shelf.add({
      kind: 'direction',
      label: name.trim() === '' ? `${from.name} → ${to.name}` : name.trim(),
      tags: ['direction'],
      modelHash: model.modelHash,
      data: { z: Array.from(direction), ...(thumbnail !== '' && { thumbnail }) },
    });
    setDraft(null);
    session.notices.post({
      level: 'success',
      message: `Kept: the direction “${name}”.`,
      hint: 'It is on the shelf.',
    });
  };
  return (
    <div className={styles.keep}>
      <TextField
        label="Name of the direction"
        value={name}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
        }}
      />
      <Button icon={<KeepIcon />} disabled={!direction || isNoDirection(direction)} onClick={keep}>
        Keep direction
      </Button>
    </div>
  );
}

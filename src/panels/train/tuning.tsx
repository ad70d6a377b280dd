import { useState } from 'react';
import type { TrainingTuning } from '../../model/training';
import { Button } from '../../ui/button';
import { NumberField } from '../../ui/number-field';
import { ControlGroup } from '../../ui/panel-layout';
import { Select } from '../../ui/select';
import { useSession } from '../../ui/session-context';
import { Slider } from '../../ui/slider';
import { idleReason, LOSSES } from './recipe';
import styles from './run.module.css';
import { useRun } from './use-training';

/** What may change while it runs; each change is marked in the charts. */
export function Tuning() {
  const session = useSession();
  const config = useRun((state) => state.run?.config);
  if (!config) return null;
  const tune = (tuning: TrainingTuning) => {
    session.training.tune(tuning).catch((error: unknown) => session.notices.postError(error));
  };
  const idle = idleReason('labelSmoothing', config.loss);
  return (
    <ControlGroup title="Change while it runs">
      <Rate
        label="Learning rate of G"
        value={config.learningRateG}
        onChange={(learningRateG) => tune({ learningRateG })}
      />
      <Rate
        label="Learning rate of D"
        value={config.learningRateD}
        onChange={(learningRateD) => tune({ learningRateD })}
      />
      <div className={styles.row}>
        <span>Loss</span>
        <Select
          label="Loss"
          value={config.loss}
          options={LOSSES}
          onChange={(loss) => tune({ loss })}
        />
      </div>
      <Committed
        label="Label smoothing"
        value={config.labelSmoothing}
        max={0.3}
        step={0.05}
        disabled={idle !== null}
        onCommit={(labelSmoothing) => tune({ labelSmoothing })}
      />
      {idle !== null && <p className={styles.hint}>{idle}</p>}
      <details className={styles.fold}>
        <summary>Steps of D, R1</summary>
        <Committed
          label="Steps of D for one of G"
          value={config.dSteps}
          min={1}
          max={5}
          step={1}
          onCommit={(dSteps) => tune({ dSteps: Math.round(dSteps) })}
        />
        <Committed
          label="R1 penalty, γ"
          value={config.r1}
          max={100}
          step={1}
          onCommit={(r1) => tune({ r1 })}
        />
      </details>
    </ControlGroup>
  );
}

/** Learning rates are felt by factors, not by differences. */
function Rate(props: { label: string; value: number; onChange: (value: number) => void }) {
  const { label, value, onChange } = props;
  const scaled = (factor: number) => {
    const next = Number(Math.min(0.01, value * factor).toPrecision(3));
    if (next !== value) onChange(next);
  };
  return (
    <div className={styles.row} role="group" aria-label={label}>
      <span>{label.replace(' of ', ', ')}</span>
      <span className={styles.rate}>
        <Button aria-label={`½ ${label}`} onClick={() => scaled(0.5)}>
          ½
        </Button>
        <NumberField
          label={label}
          value={value}
          min={0}
          max={0.01}
          step={0.0001}
          onChange={(next) => {
            if (next !== value) onChange(next);
          }}
        />
        <Button aria-label={`×2 ${label}`} onClick={() => scaled(2)}>
          ×2
        </Button>
      </span>
    </div>
  );
}

interface CommittedProps {
  label: string;
  value: number;
  min?: number;
  max: number;
  step: number;
  disabled?: boolean;
  onCommit: (value: number) => void;
}

/** A slider whose value counts when it is let go: every change leaves a mark. */
function Committed({ label, value, min = 0, max, step, disabled, onCommit }: CommittedProps) {
  const [draft, setDraft] = useDraft(value);
  return (
    <Slider
      {...{ label, min, max, step }}
      disabled={disabled ?? false}
      value={draft}
      onChange={setDraft}
      onCommit={(next) => {
        if (next !== value) onCommit(next);
      }}
    />
  );
}

/** What is being dragged; follows the value when that changes. */
function useDraft(value: number): [number, (next: number) => void] {
  const [draft, setDraft] = useState({ of: value, shown: value });
  const shown = draft.of === value ? draft.shown : value;
  return [shown, (next) => setDraft({ of: value, shown: next })];
}

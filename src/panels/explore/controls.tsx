import type { Prior } from '../../model/spec';
import { MAX_SAMPLES, priorParam, samplesParam, truncationParam } from '../../session/params';
import type { CurrentModel } from '../../session/session';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { ControlGroup } from '../../ui/panel-layout';
import { SegmentedControl } from '../../ui/segmented';
import { useUrlParam } from '../../ui/session-context';
import { Slider } from '../../ui/slider';
import { Switch } from '../../ui/switch';
import { paperRadius } from './cells';
import styles from './explore.module.css';
import { radiusParam, smoothParam } from './params';

const PRIOR_NAMES: Record<Prior, string> = {
  normal: 'Normal',
  uniform: 'Uniform',
  sphere: 'Sphere',
};
const PRIORS: readonly Prior[] = ['normal', 'uniform', 'sphere'];

/** How the samples are drawn. */
export function SampleControls() {
  const [count, setCount] = useUrlParam(samplesParam);
  const [truncation, setTruncation] = useUrlParam(truncationParam);
  return (
    <ControlGroup title="Samples">
      <Slider
        label="Pictures"
        value={count}
        min={4}
        max={MAX_SAMPLES}
        step={1}
        onChange={(value) => setCount(Math.round(value))}
      />
      <Slider
        label="Truncation"
        value={Math.min(1, truncation)}
        min={0}
        max={1}
        step={0.01}
        onChange={setTruncation}
        format={(value) => value.toFixed(2)}
      />
    </ControlGroup>
  );
}

/** Where z comes from; the model's own prior is the default and says so. */
export function PriorControl({ model }: { model: CurrentModel }) {
  const [choice, setChoice] = useUrlParam(priorParam);
  const own = model.spec.latent.prior;
  const prior = choice === 'model' ? own : choice;
  return (
    <ControlGroup>
      <Field label="Prior of z">
        <SegmentedControl<Prior>
          label="Prior"
          value={prior}
          onChange={(next) => setChoice(next === own ? 'model' : next)}
          options={PRIORS.map((value) => ({
            value,
            label: (
              <>
                {PRIOR_NAMES[value]}
                {value === own && <span className={styles.own} aria-hidden="true" />}
              </>
            ),
            name: `${PRIOR_NAMES[value]}${value === own ? ', the model’s own' : ''}`,
          }))}
        />
      </Field>
      <p className={styles.hint}>
        {prior === own ? (
          <>
            <span className={styles.own} /> The prior that the model was trained with.
          </>
        ) : (
          `The model was trained with ${own} z: it has seen few like these.`
        )}
      </p>
    </ControlGroup>
  );
}

interface VaryControlsProps {
  model: CurrentModel;
  varying: boolean;
  onVary: () => void;
  /** There while neighbours of another one are shown. */
  onVaryThis: (() => void) | null;
}

/** Neighbours of the large picture in place of samples. */
export function VaryControls({ model, varying, onVary, onVaryThis }: VaryControlsProps) {
  const [radius, setRadius] = useUrlParam(radiusParam);
  const paper = paperRadius(model.spec.latent.prior);
  return (
    <ControlGroup title="Neighbours">
      <Button pressed={varying} onClick={onVary}>
        {varying ? 'Back to samples' : 'Vary the large one'}
      </Button>
      {onVaryThis && <Button onClick={onVaryThis}>Vary this one instead</Button>}
      <Slider
        label="Radius"
        value={radius}
        min={0.01}
        max={2}
        step={0.01}
        mark={paper}
        onChange={setRadius}
        format={(value) => `±${value.toFixed(2)}`}
        disabled={!varying}
      />
      <p className={styles.hint}>Noise on every number of z. The paper’s is ±{paper}.</p>
    </ControlGroup>
  );
}

export function ViewControls() {
  const [smooth, setSmooth] = useUrlParam(smoothParam);
  return (
    <ControlGroup>
      <Switch label="Blend pixels of the large picture" checked={smooth} onChange={setSmooth} />
    </ControlGroup>
  );
}

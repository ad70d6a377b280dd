import type { TrainingConfig } from '../../model/training';
import { presetOf, TRAINING_PRESETS } from '../../session/training/presets';
import { Button } from '../../ui/button';
import { NumberField } from '../../ui/number-field';
import { ControlGroup } from '../../ui/panel-layout';
import { SegmentedControl } from '../../ui/segmented';
import { Select } from '../../ui/select';
import { useUrlParam } from '../../ui/session-context';
import { overridesParam, recipeParam, stepsParam } from './params';
import {
  idleReason,
  LEARNING_SETTINGS,
  LOSSES,
  NETWORK_SETTINGS,
  paperValue,
  settle,
  STEADYING_SETTINGS,
  type NumberSetting,
} from './recipe';
import styles from './setup.module.css';
import type { Plan } from './use-setup';

const SHORT_TITLES = {
  'two-minutes': '2 minutes',
  'ten-minutes': '10 minutes',
  paper: 'The paper',
} as const;

/** A preset, and under it every setting. */
export function RecipeControls() {
  const [recipe, setRecipe] = useUrlParam(recipeParam);
  return (
    <ControlGroup title="Recipe">
      <SegmentedControl
        label="Recipe"
        value={recipe}
        options={TRAINING_PRESETS.map(({ id, title }) => ({
          value: id,
          label: SHORT_TITLES[id],
          name: title,
        }))}
        onChange={setRecipe}
      />
      <p className={styles.hint}>{presetOf(recipe).about}</p>
    </ControlGroup>
  );
}

/** Everything that a run can be told: ranges, one line each, and what the paper took. */
export function Settings({ plan }: { plan: Plan }) {
  const [, setOverrides] = useUrlParam(overridesParam);
  const [upTo, setUpTo] = useUrlParam(stepsParam);
  const { config, overrides, steps } = plan;
  const changed = Object.keys(overrides).length + (upTo === null ? 0 : 1);
  const change = <K extends keyof TrainingConfig>(key: K, value: TrainingConfig[K]) =>
    setOverrides({ ...overrides, [key]: value });
  const row = (setting: NumberSetting) => (
    <NumberRow
      key={setting.key}
      setting={setting}
      config={config}
      onChange={(value) => change(setting.key, settle(setting, value))}
    />
  );
  return (
    <details className={styles.settings}>
      <summary>
        Settings{changed > 0 && <span className={styles.muted}>, {changed} changed</span>}
      </summary>
      <div className={styles.form}>
        {NETWORK_SETTINGS.map(row)}
        {LEARNING_SETTINGS.map(row)}
        <div className={styles.setting}>
          <div className={styles.row}>
            <span>Loss</span>
            <Select
              label="Loss"
              value={config.loss}
              options={LOSSES}
              onChange={(loss) => change('loss', loss)}
            />
          </div>
          <p>What D and G minimise.</p>
        </div>
        {STEADYING_SETTINGS.map(row)}
        <div className={styles.setting}>
          <div className={styles.row}>
            <span>Stop after, in steps</span>
            <NumberField
              label="Stop after, in steps"
              className={styles.short}
              value={upTo ?? steps ?? 0}
              min={0}
              max={1_000_000}
              step={100}
              onChange={(next) => setUpTo(Math.round(next))}
            />
          </div>
          <p>0: trains until it is stopped.</p>
        </div>
        <Button
          disabled={changed === 0}
          onClick={() => {
            setOverrides({});
            setUpTo(null);
          }}
        >
          Back to the preset
        </Button>
      </div>
    </details>
  );
}

interface NumberRowProps {
  setting: NumberSetting;
  config: TrainingConfig;
  onChange: (value: number) => void;
}

function NumberRow({ setting, config, onChange }: NumberRowProps) {
  const { key, label, min, max, step, about } = setting;
  const idle = idleReason(key, config.loss);
  const range = key === 'seed' ? '' : `${min} to ${max} · `;
  return (
    <div className={styles.setting} data-idle={idle !== null}>
      <div className={styles.row}>
        <span>{label}</span>
        <NumberField
          label={label}
          className={styles.short}
          value={config[key]}
          {...{ min, max, step, onChange }}
        />
      </div>
      <p>
        {idle ?? about}{' '}
        <span className={styles.muted}>
          {range}paper: {paperValue(key)}
        </span>
      </p>
    </div>
  );
}

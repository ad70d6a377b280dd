import { Fragment } from 'react';
import { AddIcon } from '../../ui/icons';
import { IconButton } from '../../ui/button';
import { Slider } from '../../ui/slider';
import { SegmentedControl } from '../../ui/segmented';
import { ShuffleIcon } from '../../ui/icons';
import { priorShell } from '../../core/shell';
import { defaultNoise, type Normalization } from '../../session/arithmetic';
import type { Answer, Settings } from './answer';
import styles from './equation-view.module.css';
import { MAX_TERMS, addTerm, flipSign } from './equation';
import { Group } from './group';
import { change } from './history';
import { fadeParam, noiseSeedParam, radiusParam, scaleParam } from './params';
import type { ResolvedTerm } from './resolve';
import { Result } from './result';
import { useWorkbench } from './workbench';

interface EquationViewProps {
  terms: readonly ResolvedTerm[];
  answer: Answer | null;
  settings: Settings;
}

/** Groups and signs, read from left to right as on paper, and what they come to. */
export function EquationView({ terms, answer, settings }: EquationViewProps) {
  return (
    <div className={styles.row}>
      <div className={styles.left}>
        <div className={styles.groups} role="group" aria-label="Equation">
          {terms.map((term, at) => (
            <Fragment key={at}>
              <Sign index={at} term={term} />
              <Group board="equation" index={at} term={term} count={terms.length} />
            </Fragment>
          ))}
          <AddGroup full={terms.length >= MAX_TERMS} />
        </div>
        <AroundControls {...{ answer, settings }} />
      </div>
      <span className={styles.equals} aria-hidden="true">
        =
      </span>
      <Result answer={answer} terms={terms} fade={<FadeSlider fade={settings.fade} />} />
    </div>
  );
}

function Sign({ index, term }: { index: number; term: ResolvedTerm }) {
  const { bench } = useWorkbench();
  const isPlus = term.sign === 1;
  return (
    <button
      type="button"
      className={styles.sign}
      data-first={index === 0 && isPlus}
      aria-label={`${isPlus ? 'Plus' : 'Minus'} ${term.name}: change the sign`}
      title="Click to change the sign"
      onClick={() => bench.edit('equation', 'change a sign', (eq) => flipSign(eq, index))}
    >
      {isPlus ? '+' : '−'}
    </button>
  );
}

function AddGroup({ full }: { full: boolean }) {
  const { bench } = useWorkbench();
  return (
    <IconButton
      label="Add a group"
      className={styles.add}
      disabled={full}
      onClick={() => bench.edit('equation', 'add a group', (eq) => addTerm(eq))}
    >
      <AddIcon />
    </IconButton>
  );
}

function FadeSlider({ fade }: { fade: number }) {
  const { bench } = useWorkbench();
  return (
    <Slider
      label="How much of the difference"
      min={-1}
      max={2}
      step={0.05}
      mark={1}
      value={fade}
      onChange={(value) => bench.commit('fade', [change(fadeParam, value)], 'fade')}
    />
  );
}

/** How far the neighbours are, and how long the result is. */
function AroundControls({ answer, settings }: Omit<EquationViewProps, 'terms'>) {
  const { bench, model } = useWorkbench();
  const { prior, size } = model.spec.latent;
  const shell = priorShell(prior, size).expected;
  return (
    <div className={styles.controls}>
      <Slider
        label="Noise around it, ±"
        min={0}
        max={1.5}
        step={0.01}
        mark={defaultNoise(prior)}
        value={settings.radius}
        onChange={(value) => bench.commit('noise', [change(radiusParam, value)], 'noise')}
        aside={
          <IconButton
            label="New noise"
            className={styles.small}
            onClick={() => bench.commit('new noise', [change(noiseSeedParam, settings.seed + 1)])}
          >
            <ShuffleIcon />
          </IconButton>
        }
      />
      <div className={styles.length}>
        <span className={styles.lengthText} data-testid="length">
          |z| {answer ? answer.length.toFixed(2) : '–'}; samples have {shell.toFixed(2)}
        </span>
        <SegmentedControl<Normalization>
          label="Length of the result"
          value={settings.normalization}
          options={[
            { value: 'none', label: 'As it is' },
            { value: 'shell', label: 'To the prior’s shell' },
          ]}
          onChange={(value) => bench.commit('length', [change(scaleParam, value)])}
        />
      </div>
    </div>
  );
}

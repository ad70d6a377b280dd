import { useState } from 'react';
import { moveAlong } from '../../core/latent';
import type { CurrentModel } from '../../session/session';
import { ControlGroup } from '../../ui/panel-layout';
import { Select } from '../../ui/select';
import { Slider } from '../../ui/slider';
import { useDirections } from '../../ui/use-directions';
import { sameNumbers } from './cells';
import styles from './explore.module.css';
import type { LookedAt } from './use-explore';

/** What the slider has done so far: from which z, how far, and what came out. */
interface Moved {
  from: Float32Array;
  to: Float32Array;
  step: number;
  directionId: string;
}

/** Moves the large picture along a direction that was kept in Arithmetic. */
export function DirectionControls({
  model,
  lookedAt,
}: {
  model: CurrentModel;
  lookedAt: LookedAt;
}) {
  const directions = useDirections(model);
  const [chosenId, setChosenId] = useState('');
  const [moved, setMoved] = useState<Moved | null>(null);
  const chosen = directions.find(({ id }) => id === chosenId) ?? directions[0];
  if (!chosen) return null;

  // Another picture, or a bar that was dragged since: the way starts anew from there.
  const isMoved =
    moved !== null && moved.directionId === chosen.id && sameNumbers(moved.to, lookedAt.z);
  const from = isMoved ? moved.from : lookedAt.z;
  const step = isMoved ? moved.step : 0;

  const move = (next: number, final: boolean) => {
    const to = moveAlong(from, chosen.direction, next);
    setMoved({ from, to, step: next, directionId: chosen.id });
    lookedAt.change(to, final);
  };

  return (
    <ControlGroup title="Directions">
      <Select
        label="Direction"
        value={chosen.id}
        options={directions.map(({ id, label }) => ({ value: id, label }))}
        onChange={setChosenId}
      />
      <Slider
        label={`Along ${chosen.label}`}
        value={step}
        min={-2}
        max={2}
        step={0.05}
        mark={0}
        onChange={(value) => move(value, false)}
        onCommit={(value) => move(value, true)}
        format={(value) => value.toFixed(2)}
      />
      <p className={styles.hint}>Kept in Arithmetic; from −1 to 1 is the way between its groups.</p>
    </ControlGroup>
  );
}

import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { NumberField } from '../../ui/number-field';
import { Button } from '../../ui/button';
import { ButtonRow } from '../../ui/panel-layout';
import { barAt, barCenter, barsPath, barWidth, withValue, type BarRoom } from './bars-math';
import styles from './latent-bars.module.css';
import { useSize } from '../../ui/use-size';

interface LatentBarsProps {
  z: Float32Array;
  /** What a reset goes back to; bars that differ from it are marked. */
  origin: Float32Array;
  /** Largest magnitude that a bar can be dragged to. */
  limit: number;
  /** On every move. `final`: let go, or done by one key: worth a place in the link. */
  onChange: (z: Float32Array, final: boolean) => void;
  /** A new random number for one dimension. */
  randomValue: () => number;
}

const HEIGHT = 96;

/**
 * z as bars: drag one up or down (with Shift, draw across several). By keyboard: left and right choose a
 * dimension, up and down change it.
 */
export function LatentBars(props: LatentBarsProps) {
  const { z, origin, limit, onChange, randomValue } = props;
  const [chosen, setCurrent] = useState(0);
  const ref = useRef<HTMLDivElement>(null);
  const { width } = useSize(ref);
  const room: BarRoom = { width, height: HEIGHT, size: z.length, limit };
  const current = Math.min(chosen, z.length - 1);
  const value = z[current] ?? 0;
  const drag = useBarDrag({ z, room, onChange, onChoose: setCurrent });
  const set = (next: number) => onChange(withValue(z, current, next), true);
  const reset = () => {
    const next = z.slice();
    next[current] = origin[current] ?? 0;
    onChange(next, true);
  };
  const changed = z.reduce((sum, one, index) => sum + (one === origin[index] ? 0 : 1), 0);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 0.5 : 0.1;
    const clamp = (next: number) => Math.max(-limit, Math.min(limit, next));
    const acts: Record<string, () => void> = {
      ArrowLeft: () => setCurrent(Math.max(0, current - 1)),
      ArrowRight: () => setCurrent(Math.min(z.length - 1, current + 1)),
      Home: () => setCurrent(0),
      End: () => setCurrent(z.length - 1),
      ArrowUp: () => set(clamp(value + step)),
      ArrowDown: () => set(clamp(value - step)),
      PageUp: () => set(clamp(value + 1)),
      PageDown: () => set(clamp(value - 1)),
      Delete: reset,
      Backspace: reset,
      r: () => set(randomValue()),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  const isChanged = (index: number) => z[index] !== origin[index];
  return (
    <div className={styles.editor}>
      <div
        ref={ref}
        className={styles.bars}
        role="slider"
        tabIndex={0}
        aria-label={`z, number ${current} of ${z.length}`}
        aria-roledescription="bar editor"
        aria-valuemin={-limit}
        aria-valuemax={limit}
        aria-valuenow={Number(value.toFixed(2))}
        aria-valuetext={`z[${current}] is ${value.toFixed(2)}`}
        aria-orientation="vertical"
        data-testid="latent-bars"
        onKeyDown={onKeyDown}
        {...drag}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <rect
            className={styles.current}
            x={barCenter(current, room) - Math.max(1.5, width / z.length / 2)}
            width={Math.max(3, width / z.length)}
            y={0}
            height={HEIGHT}
          />
          {[-1, 0, 1].map((sigma) => (
            <line
              key={sigma}
              className={styles.rule}
              x1={0}
              x2={width}
              y1={HEIGHT / 2 - (sigma / limit) * (HEIGHT / 2)}
              y2={HEIGHT / 2 - (sigma / limit) * (HEIGHT / 2)}
            />
          ))}
          <g strokeWidth={barWidth(room)}>
            <path className={styles.bar} d={barsPath(z, room, (index) => !isChanged(index))} />
            <path className={styles.changed} d={barsPath(z, room, isChanged)} />
          </g>
        </svg>
      </div>
      <div className={styles.acts}>
        <label className={styles.number}>
          z[
          <NumberField
            label="Dimension of z"
            className={styles.index}
            value={current}
            min={0}
            max={z.length - 1}
            step={1}
            onChange={(next) => setCurrent(Math.round(next))}
          />
          ] =
        </label>
        <NumberField
          label={`Value of z[${current}]`}
          className={styles.value}
          value={Number(value.toFixed(2))}
          min={-limit}
          max={limit}
          step={0.1}
          onChange={set}
        />
        <ButtonRow>
          <Button look="quiet" onClick={() => set(randomValue())}>
            Randomise it
          </Button>
          <Button look="quiet" disabled={!isChanged(current)} onClick={reset}>
            Reset it
          </Button>
          <Button
            look="quiet"
            disabled={changed === 0}
            onClick={() => onChange(origin.slice(), true)}
          >
            Reset all{changed > 0 && ` (${changed})`}
          </Button>
        </ButtonRow>
      </div>
    </div>
  );
}

interface BarDragOptions {
  z: Float32Array;
  room: BarRoom;
  onChange: (z: Float32Array, final: boolean) => void;
  onChoose: (index: number) => void;
}

function useBarDrag({ z, room, onChange, onChoose }: BarDragOptions) {
  /** The bar that was grabbed and z as it is now: moves come faster than renders. */
  const drag = useRef<{ index: number; z: Float32Array } | null>(null);

  const apply = (event: PointerEvent) => {
    const held = drag.current;
    if (!held) return;
    const box = event.currentTarget.getBoundingClientRect();
    const at = barAt(event.clientX - box.left, event.clientY - box.top, room);
    // Without Shift the bar that was grabbed stays the one: a hand does not move straight up.
    const index = event.shiftKey ? at.index : held.index;
    if (index !== held.index) onChoose(index);
    drag.current = { index, z: withValue(held.z, index, at.value) };
    onChange(drag.current.z, false);
  };
  const end = () => {
    const held = drag.current;
    drag.current = null;
    if (held) onChange(held.z, true);
  };

  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      const box = event.currentTarget.getBoundingClientRect();
      const { index } = barAt(event.clientX - box.left, event.clientY - box.top, room);
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { index, z };
      onChoose(index);
      apply(event);
    },
    onPointerMove: apply,
    onPointerUp: end,
    onPointerCancel: end,
  };
}

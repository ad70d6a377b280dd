import { useState } from 'react';
import { Button } from '../../ui/button';
import { AddIcon } from '../../ui/icons';
import { useLatentDrag } from '../../ui/latent-drag';
import { MAX_SLOTS, resizeTerm } from './equation';
import { Face, Meters } from './face';
import type { Picture } from './gallery';
import type { ResolvedTerm } from './resolve';
import { Slot } from './slot';
import { FACES, STEPS, stepsOf } from './turn';
import styles from './turn-side.module.css';
import { exactPayload, useShown, useWorkbench } from './workbench';

const NO_LATENTS: readonly Float32Array[] = [];

interface RowsProps {
  term: ResolvedTerm | undefined;
  reach: number;
  live: readonly (Picture | null)[];
  rows: readonly (Picture | null)[];
  latents: readonly Float32Array[];
}

/** A row a face: where it comes from, where the slider has it, and five steps. */
export function Rows({ term, reach, live, rows, latents }: RowsProps) {
  const { bench } = useWorkbench();
  const slots = term?.slots ?? [];
  const own = useShown('turn-own', term?.z ?? NO_LATENTS);
  return (
    <section
      className={styles.rows}
      aria-label="Pictures moved along the direction"
      data-testid="rows"
    >
      <div className={styles.line} aria-hidden="true">
        <span className={styles.step}>as it is</span>
        <span className={styles.step}>slider</span>
        {stepsOf(reach).map((step) => (
          <span key={step} className={styles.step}>
            {stepText(step)}
          </span>
        ))}
      </div>
      {slots.map((slot, at) => {
        const isKnown = slot?.resolved.ok === true;
        // Pictures are counted by the faces that have numbers.
        const row = slots.slice(0, at).filter((one) => one?.resolved.ok).length;
        const label = slot?.resolved.ok ? slot.resolved.label : `Picture ${at + 1}`;
        return (
          <div key={at} className={styles.line}>
            <Slot
              id={{ board: 'turn', term: FACES, slot: at }}
              group="the pictures to move"
              slot={slot}
              picture={isKnown ? (own.pictures[row] ?? null) : null}
            />
            <Moved
              picture={isKnown ? (live[row] ?? null) : null}
              label={`${label}, at the slider`}
            />
            {stepsOf(reach).map((step, column) => (
              <Moved
                key={column}
                picture={isKnown ? (rows[row * STEPS + column] ?? null) : null}
                label={`${label}, step ${stepText(step)}`}
                z={isKnown ? latents[row * STEPS + column] : undefined}
              />
            ))}
          </div>
        );
      })}
      <div className={styles.count}>
        <Button
          look="quiet"
          icon={<AddIcon />}
          disabled={slots.length >= MAX_SLOTS}
          onClick={() =>
            bench.edit('turn', 'add a picture', (eq) => resizeTerm(eq, FACES, slots.length + 1))
          }
        >
          One row more
        </Button>
        <Button
          look="quiet"
          disabled={slots.length <= 1}
          onClick={() =>
            bench.edit('turn', 'remove a row', (eq) => resizeTerm(eq, FACES, slots.length - 1))
          }
        >
          One fewer
        </Button>
      </div>
    </section>
  );
}

interface MovedProps {
  picture: Picture | null;
  label: string;
  z?: Float32Array | undefined;
}

function Moved({ picture, label, z }: MovedProps) {
  const workbench = useWorkbench();
  const [dragId] = useState(() => `moved-${nextDragId++}`);
  const { setNodeRef, listeners } = useLatentDrag(
    dragId,
    () => (z ? exactPayload(workbench, z, label, picture) : null),
    z === undefined,
  );
  return (
    <div ref={setNodeRef} className={styles.moved} data-testid="moved" {...listeners}>
      <Face picture={picture} label={label} />
      <Meters reading={picture?.reading ?? null} size="bars" />
    </div>
  );
}

function stepText(step: number): string {
  const text = String(Number(Math.abs(step).toFixed(2)));
  return step < 0 ? `−${text}` : step > 0 ? `+${text}` : '0';
}

let nextDragId = 0;

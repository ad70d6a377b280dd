import { useState, type KeyboardEvent } from 'react';
import { cx } from '../../ui/class-names';
import { AddIcon, CloseIcon, WarningIcon } from '../../ui/icons';
import { useLatentDrag, useLatentDrop } from '../../ui/latent-drag';
import { useStoreValue } from '../../ui/session-context';
import type { SlotId } from './bench';
import { Face, Meters } from './face';
import type { Picture } from './gallery';
import type { ResolvedSlot } from './resolve';
import styles from './slot.module.css';
import { useWorkbench } from './workbench';

interface SlotProps {
  id: SlotId;
  group: string;
  slot: ResolvedSlot | null;
  picture: Picture | null;
}

/** A place for a face: takes one by click, drop or key, and gives it up by Delete or its cross. */
export function Slot({ id, group, slot, picture }: SlotProps) {
  const { bench, payloadOf } = useWorkbench();
  const target = useStoreValue(bench.store, (state) => state.target);
  const holding = useStoreValue(bench.store, (state) => state.held !== null);
  const isTarget = isSame(target, id);
  const z = slot?.resolved.ok ? slot.resolved.z : null;
  const place = `place ${id.slot + 1} of ${group}`;
  const name = nameOf(slot);
  const key = `${id.board}-${id.term}-${id.slot}`;

  const [dragId] = useState(() => `slot-face-${nextDragId++}`);
  const { setNodeRef, listeners, isDragging } = useLatentDrag(
    dragId,
    () => (slot && z ? payloadOf(slot.face, z, name, id) : null),
    z === null,
  );
  const {
    setNodeRef: setDropRef,
    isOver,
    isDragging: isDraggedAround,
  } = useLatentDrop(`slot-${key}`, place, (payload) => bench.drop(id, payload));

  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key === 'Delete' || event.key === 'Backspace') && slot) bench.remove(id);
    else if (event.key === 'Escape') bench.letGo();
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={setDropRef}
      className={cx(styles.slot, isOver && styles.over)}
      data-testid="slot"
      data-filled={slot !== null}
    >
      <div className={styles.frame}>
        <button
          ref={setNodeRef}
          type="button"
          className={cx(
            styles.button,
            isTarget && styles.target,
            (holding || isDraggedAround) && styles.ready,
            isDragging && styles.dragging,
          )}
          aria-label={slot ? `${name}, ${place}` : `Empty, ${place}`}
          aria-pressed={isTarget}
          title={slot && !slot.resolved.ok ? slot.resolved.reason : undefined}
          onClick={() => bench.choose(id)}
          onKeyDown={onKeyDown}
          {...listeners}
        >
          {!slot && <AddIcon />}
          {slot && !slot.resolved.ok && <WarningIcon />}
          {z && <Face picture={picture} />}
        </button>
        {slot && !holding && (
          <button
            type="button"
            className={styles.remove}
            // Delete on the slot does the same: one stop a slot is enough for the keyboard.
            tabIndex={-1}
            aria-label={`Take ${name} out`}
            onClick={() => bench.remove(id)}
          >
            <CloseIcon />
          </button>
        )}
      </div>
      {z && <Meters reading={picture?.reading ?? null} size="bars" />}
    </div>
  );
}

function nameOf(slot: ResolvedSlot | null): string {
  if (!slot) return '';
  return slot.resolved.ok ? slot.resolved.label : 'Missing picture';
}

function isSame(a: SlotId | null, b: SlotId): boolean {
  return a !== null && a.board === b.board && a.term === b.term && a.slot === b.slot;
}

let nextDragId = 0;

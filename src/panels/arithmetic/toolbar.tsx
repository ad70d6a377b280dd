import { useStore } from 'zustand';
import { Button, IconButton } from '../../ui/button';
import { cx } from '../../ui/class-names';
import { ResetIcon } from '../../ui/icons';
import { useShortcuts } from '../../ui/shortcuts';
import type { Board } from './bench';
import { emptyEquation } from './equation';
import { equationCodec } from './equation-link';
import { directionPresets, presetEquation, presetsFor, withDirection } from './library';
import styles from './toolbar.module.css';
import { useEquation, useWorkbench } from './workbench';

/** Equations at one click. */
export function Presets() {
  const { bench, library } = useWorkbench();
  const equation = useEquation('equation');
  const text = equationCodec.format(equation);
  const presets = presetsFor(library);
  return (
    <div className={styles.presets} role="group" aria-label="Examples">
      {presets.length > 0 && <span className={styles.label}>Try</span>}
      {presets.map((preset) => {
        const filled = presetEquation(preset, library);
        return (
          <Button
            key={preset.id}
            title={preset.about}
            pressed={equationCodec.format(filled) === text}
            onClick={() => bench.edit('equation', preset.title, () => filled)}
          >
            {preset.title}
          </Button>
        );
      })}
      <Button
        look="quiet"
        onClick={() => bench.edit('equation', 'a new equation', () => emptyEquation())}
      >
        New
      </Button>
    </div>
  );
}

/** Directions at one click; the faces that are moved stay. */
export function DirectionPresets() {
  const { bench, library } = useWorkbench();
  const equation = useEquation('turn');
  const text = equationCodec.format(equation);
  const presets = directionPresets(library);
  if (presets.length === 0) return null;
  return (
    <div className={styles.presets} role="group" aria-label="Directions">
      <span className={styles.label}>Try</span>
      {presets.map(({ title, from, to }) => {
        const filled = withDirection(equation, from, to);
        return (
          <Button
            key={title}
            title={`${from.label} → ${to.label}`}
            pressed={equationCodec.format(filled) === text}
            onClick={() => bench.edit('turn', title, () => filled)}
          >
            {title}
          </Button>
        );
      })}
    </div>
  );
}

/** Undo and redo of everything in the panel; Z and Y by key. */
export function UndoRedo() {
  const { bench } = useWorkbench();
  const { past, future } = useStore(bench.history.store);
  const { undo, redo } = bench.history;
  useShortcuts('Arithmetic', [
    { key: 'z', label: 'Undo', run: undo },
    { key: 'y', label: 'Redo', run: redo },
    { key: 'Escape', label: 'Put back what is in hand', run: () => bench.letGo() },
    { key: 'Delete', label: 'Take the picture out of the focused slot' },
  ]);
  return (
    <div className={styles.undo}>
      <IconButton
        label={past.length > 0 ? `Undo: ${past.at(-1)?.label}` : 'Undo'}
        shortcut="Z"
        disabled={past.length === 0}
        onClick={undo}
      >
        <UndoIcon />
      </IconButton>
      <IconButton
        label={future.length > 0 ? `Redo: ${future[0]?.label}` : 'Redo'}
        shortcut="Y"
        disabled={future.length === 0}
        onClick={redo}
      >
        <UndoIcon mirrored />
      </IconButton>
    </div>
  );
}

/** Back to what the panel opened with, where the groups were emptied or made on another model. */
export function StartAgain({ board }: { board: Board }) {
  const { bench } = useWorkbench();
  return (
    <Button icon={<ResetIcon />} onClick={() => bench.startAgain(board)}>
      Start with an example
    </Button>
  );
}

function UndoIcon({ mirrored = false }: { mirrored?: boolean }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width="1.25em"
      height="1.25em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className={cx(mirrored && styles.mirrored)}
    >
      <path d="M7 4L3.5 7.5 7 11M4 7.5h7.5a4.25 4.25 0 0 1 0 8.5H8" />
    </svg>
  );
}

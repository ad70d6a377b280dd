import { useMemo, useState } from 'react';
import { IconButton } from '../../ui/button';
import { MenuIcon } from '../../ui/icons';
import { useLatentDrag } from '../../ui/latent-drag';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import type { Board } from './bench';
import {
  MAX_SLOTS,
  clearTerm,
  moveTerm,
  removeTerm,
  renameTerm,
  resizeTerm,
  type Equation,
} from './equation';
import { Face, Meters } from './face';
import { refillTerm } from './library';
import type { ResolvedTerm } from './resolve';
import { meanOfGroup } from './solve';
import { Slot } from './slot';
import styles from './group.module.css';
import { exactPayload, useShown, useWorkbench } from './workbench';

interface GroupProps {
  board: Board;
  index: number;
  term: ResolvedTerm;
  count: number;
  /** Without: a list of faces rather than a group with a mean. */
  mean?: boolean;
  /** Groups of the equation can be moved and removed. */
  fixed?: boolean;
}

/** A term: its name, its exemplars, and the face of their mean. */
export function Group({ board, index, term, count, mean = true, fixed = false }: GroupProps) {
  const latents = useMemo(
    () => term.slots.flatMap((slot) => (slot?.resolved.ok ? [slot.resolved.z] : [])),
    [term],
  );
  const shown = useShown(`${board}-${index}-slots`, latents);
  const pictureAt = (slot: number) => {
    if (!term.slots[slot]?.resolved.ok) return null;
    const before = term.slots.slice(0, slot).filter((one) => one?.resolved.ok).length;
    return shown.pictures[before] ?? null;
  };
  return (
    <section className={styles.group} aria-label={`Group ${term.name}`} data-testid="group">
      <header className={styles.head}>
        <NameField board={board} index={index} name={term.name} />
        <GroupMenu {...{ board, index, term, count, fixed }} />
      </header>
      <div className={styles.slots}>
        {term.slots.map((slot, at) => (
          <Slot
            key={at}
            id={{ board, term: index, slot: at }}
            group={term.name}
            slot={slot}
            picture={pictureAt(at)}
          />
        ))}
      </div>
      {mean && <MeanFace {...{ board, index, term }} />}
    </section>
  );
}

function MeanFace({ board, index, term }: { board: Board; index: number; term: ResolvedTerm }) {
  const workbench = useWorkbench();
  const z = useMemo(() => meanOfGroup(term.z), [term]);
  const shown = useShown(
    `${board}-${index}-mean`,
    useMemo(() => (z ? [z] : []), [z]),
  );
  const picture = z ? (shown.pictures[0] ?? null) : null;
  const label = `Mean of ${term.name}`;
  const [dragId] = useState(() => `mean-${nextDragId++}`);
  const { setNodeRef, listeners } = useLatentDrag(
    dragId,
    () => (z ? exactPayload(workbench, z, label, picture) : null),
    z === null,
  );
  return (
    <div className={styles.mean} data-testid="mean">
      <div ref={setNodeRef} className={styles.meanFace} {...listeners}>
        {z ? <Face picture={picture} label={label} /> : <div className={styles.blank} />}
      </div>
      <div className={styles.meanSide}>
        <span className={styles.meanName}>mean of {term.z.length}</span>
        <Meters reading={picture?.reading ?? null} />
      </div>
    </div>
  );
}

/** Two lines: "Woman without glasses" is the equation. Taken over on Enter and on leaving, as one step of the history. */
function NameField({ board, index, name }: { board: Board; index: number; name: string }) {
  const { bench } = useWorkbench();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (text: string) => {
    setDraft(null);
    if (text !== name) bench.edit(board, 'rename a group', (eq) => renameTerm(eq, index, text));
  };
  return (
    <textarea
      aria-label={`Name of group ${index + 1}`}
      className={styles.name}
      rows={2}
      autoComplete="off"
      spellCheck={false}
      value={draft ?? name}
      title={name}
      onChange={(event) => setDraft(event.currentTarget.value.replace(/\s+/g, ' '))}
      onBlur={(event) => draft !== null && commit(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setDraft(null);
        if (event.key !== 'Enter') return;
        event.preventDefault();
        commit(event.currentTarget.value);
      }}
    />
  );
}

interface GroupMenuProps {
  board: Board;
  index: number;
  term: ResolvedTerm;
  count: number;
  fixed: boolean;
}

function GroupMenu({ board, index, term, count, fixed }: GroupMenuProps) {
  const { bench, library } = useWorkbench();
  const edit = (label: string, change: (equation: Equation) => Equation) =>
    bench.edit(board, label, change);
  const slots = term.slots.length;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Menu of ${term.name}`} className={styles.menu}>
          <MenuIcon />
        </IconButton>
      }
    >
      <MenuItem
        disabled={slots >= MAX_SLOTS}
        onSelect={() => edit('add a place', (eq) => resizeTerm(eq, index, slots + 1))}
      >
        One place more ({slots} of {MAX_SLOTS})
      </MenuItem>
      <MenuItem
        disabled={slots <= 1}
        onSelect={() => edit('remove a place', (eq) => resizeTerm(eq, index, slots - 1))}
      >
        One place fewer
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => edit('other pictures', (eq) => refillTerm(eq, index, library))}>
        Other exemplars
      </MenuItem>
      <MenuItem
        disabled={term.slots.every((slot) => slot === null)}
        onSelect={() => edit('empty a group', (eq) => clearTerm(eq, index))}
      >
        Empty it
      </MenuItem>
      {!fixed && (
        <>
          <MenuSeparator />
          <MenuItem
            disabled={index === 0}
            onSelect={() => edit('move a group', (eq) => moveTerm(eq, index, index - 1))}
          >
            Move left
          </MenuItem>
          <MenuItem
            disabled={index === count - 1}
            onSelect={() => edit('move a group', (eq) => moveTerm(eq, index, index + 1))}
          >
            Move right
          </MenuItem>
          <MenuItem
            disabled={count <= 1}
            onSelect={() => edit('remove a group', (eq) => removeTerm(eq, index))}
          >
            Remove the group
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

let nextDragId = 0;

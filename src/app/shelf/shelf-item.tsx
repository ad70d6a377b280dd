import { useRef, useState, type KeyboardEvent } from 'react';
import type { PanelDefinition } from '../../panels/panel';
import { countUnits } from '../../session/mask';
import type { ShelfItem } from '../../session/shelf';
import { cx } from '../../ui/class-names';
import { FiltersIcon } from '../../ui/icons';
import { payloadOfItem } from '../../ui/latent-actions';
import { useSortableLatent, type LatentPayload } from '../../ui/latent-drag';
import { useSession } from '../../ui/session-context';
import styles from './shelf-item.module.css';
import { ItemMenu } from './shelf-item-menu';
import { describe, focusNeighbor, foreignness } from './shelf-item-words';
import { TagDialog } from './shelf-toolbar';
import { SHELF_LIST } from './shelf-items';
import { useShelfSelection } from './tray-state';
import { useItem } from './use-item';

interface ShelfItemCardProps {
  item: ShelfItem;
  index: number;
  count: number;
  panel: PanelDefinition;
  /** Part of the list is filtered away: places cannot be told. */
  fixed: boolean;
  onDrop: (payload: LatentPayload, index?: number) => void;
}

/** One kept thing: its picture is the button that uses it, picks it up and has the keys. */
export function ShelfItemCard(props: ShelfItemCardProps) {
  const { item, index, count, panel, fixed, onDrop } = props;
  const session = useSession();
  const { usable, on, use } = useItem(item, panel);
  const [renaming, setRenaming] = useState(false);
  const [tagging, setTagging] = useState(false);
  const { selected, toggle } = useShelfSelection();
  const button = useRef<HTMLButtonElement>(null);
  const isSelected = selected.has(item.id);

  const { setNodeRef, setActivatorNodeRef, attributes, listeners, style, isDragging, isOver } =
    useSortableLatent({
      id: item.id,
      listId: SHELF_LIST,
      index,
      targetLabel: 'the shelf',
      getPayload: () => (item.kind === 'latent' ? payloadOfItem(item) : null),
      getMask: () => (item.kind === 'mask' && usable ? item : null),
      onMove: (_from, to) => session.shelf.move(item.id, to),
      onDrop,
      disabled: fixed,
    });

  const move = (step: number) => {
    const to = index + step;
    if (!fixed && to >= 0 && to < count) session.shelf.move(item.id, to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (event.altKey && step !== 0) move(step);
    else if (event.key === 'F2') setRenaming(true);
    else if (event.key === 'Delete') {
      focusNeighbor(event.currentTarget);
      session.shelf.remove([item.id]);
    } else if (event.key === 'x' && !event.ctrlKey && !event.metaKey) toggle(item.id);
    else {
      listeners?.onKeyDown?.(event);
      return;
    }
    event.preventDefault();
  };
  const stopRenaming = () => {
    setRenaming(false);
    // After the field is gone, so that the focus has somewhere to be.
    setTimeout(() => button.current?.focus());
  };

  return (
    <li
      ref={setNodeRef}
      style={style}
      className={cx(styles.item, isDragging && styles.dragging, isOver && styles.over)}
      data-testid="shelf-item"
      data-kind={item.kind}
      data-usable={usable}
      data-on={item.kind === 'mask' ? on : undefined}
    >
      <button
        {...attributes}
        {...listeners}
        ref={(element) => {
          button.current = element;
          setActivatorNodeRef(element);
        }}
        type="button"
        className={cx(styles.picture, isSelected && styles.selected)}
        aria-label={describe(item, usable, on)}
        aria-pressed={isSelected}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) toggle(item.id);
          else use();
        }}
        onKeyDown={onKeyDown}
      >
        <Picture item={item} />
        {!usable && <span className={styles.badge}>{foreignness(item)}</span>}
        {on && <span className={cx(styles.badge, styles.on)}>on</span>}
      </button>
      <label className={styles.check}>
        <input
          type="checkbox"
          aria-label={`Select ${item.label}`}
          checked={isSelected}
          onChange={() => toggle(item.id)}
        />
      </label>
      <div className={styles.foot}>
        {renaming ? (
          <RenameField item={item} onDone={stopRenaming} />
        ) : (
          <button
            type="button"
            className={styles.label}
            title={`${item.label}: rename`}
            aria-label={`Rename ${item.label}`}
            onClick={() => setRenaming(true)}
          >
            {item.label}
          </button>
        )}
        <ItemMenu
          {...{ item, usable, on, panel }}
          first={index === 0 || fixed}
          last={index === count - 1 || fixed}
          onUse={use}
          onMove={move}
          onRename={() => setRenaming(true)}
          onTag={() => setTagging(true)}
        />
      </div>
      {item.tags.length > 0 && (
        <p className={styles.tags} title={item.tags.join(', ')}>
          {item.tags.join(', ')}
        </p>
      )}
      <TagDialog
        open={tagging}
        title={`Tags of ${item.label}`}
        initial={item.tags.join(', ')}
        onClose={() => setTagging(false)}
        onSave={(tags) => session.shelf.update(item.id, { tags })}
      />
    </li>
  );
}

function Picture({ item }: { item: ShelfItem }) {
  if (item.kind === 'latent' || item.kind === 'direction') {
    if (item.data.thumbnail) return <img src={item.data.thumbnail} alt="" draggable={false} />;
  }
  if (item.kind === 'mask') {
    const count = countUnits(item.data.units);
    return (
      <span className={styles.kind}>
        <FiltersIcon />
        {count} {count === 1 ? 'filter' : 'filters'}
      </span>
    );
  }
  return <span className={styles.kind}>{item.kind}</span>;
}

function RenameField({ item, onDone }: { item: ShelfItem; onDone: () => void }) {
  const { shelf } = useSession();
  const done = useRef(false);
  const finish = (label: string | null) => {
    if (done.current) return;
    done.current = true;
    const trimmed = label?.trim().slice(0, 200);
    if (trimmed) shelf.update(item.id, { label: trimmed });
    onDone();
  };
  return (
    <input
      className={styles.rename}
      aria-label={`New label of ${item.label}`}
      defaultValue={item.label}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(event.currentTarget.value);
        if (event.key === 'Escape') finish(null);
      }}
    />
  );
}

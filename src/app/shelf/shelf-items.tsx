import { KeepIcon } from '../../ui/icons';
import type { PanelDefinition } from '../../panels/panel';
import { cx } from '../../ui/class-names';
import { SortableLatents, useLatentDrop, type LatentPayload } from '../../ui/latent-drag';
import { keepOnShelf } from '../../ui/latent-actions';
import { useSession, useStoreValue } from '../../ui/session-context';
import { ShelfItemCard } from './shelf-item';
import styles from './shelf-tray.module.css';
import { filterItems } from './shelf-view';
import { useShelfQuery } from './tray-state';

export const SHELF_LIST = 'shelf';

/** The kept items in a row; latents can be dropped among them. */
export function ShelfItems({ panel }: { panel: PanelDefinition }) {
  const session = useSession();
  const { shelf } = session;
  const { items, loaded, persistent } = useStoreValue(shelf.store, (state) => state);
  const [query] = useShelfQuery();
  const shown = filterItems(items, query);
  const onDrop = useKeepDropped();
  const { setNodeRef, isOver } = useLatentDrop('shelf-surface', 'the shelf', onDrop, {
    listId: SHELF_LIST,
  });

  return (
    <div ref={setNodeRef} className={cx(styles.surface, isOver && styles.over)}>
      {loaded && items.length === 0 && <EmptyShelf />}
      {items.length > 0 && shown.length === 0 && (
        <p className={styles.empty}>Nothing on the shelf has “{query}” in its label or tags.</p>
      )}
      <SortableLatents ids={shown.map((item) => item.id)}>
        <ul className={styles.items} aria-label="Kept on the shelf">
          {shown.map((item, index) => (
            <ShelfItemCard
              key={item.id}
              item={item}
              index={index}
              count={items.length}
              panel={panel}
              fixed={shown.length !== items.length}
              onDrop={onDrop}
            />
          ))}
        </ul>
      </SortableLatents>
      {!persistent && items.length > 0 && (
        <p className={styles.warning}>
          This browser does not store the shelf: export it before you close the page.
        </p>
      )}
    </div>
  );
}

function useKeepDropped() {
  const session = useSession();
  return (payload: LatentPayload, index?: number) => {
    if (payload.shelfId !== undefined) return;
    void keepOnShelf(session, payload).then((item) => {
      if (item && index !== undefined) session.shelf.move(item.id, index);
    });
  };
}

function EmptyShelf() {
  return (
    <div className={styles.empty}>
      <KeepIcon />
      <p>
        <strong>Keep what you find.</strong> Drag a picture here, or press <kbd>K</kbd> on it. Kept
        latents work in every panel: as keyframes of a walk, as terms of an equation.
      </p>
    </div>
  );
}

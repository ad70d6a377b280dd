import type { PanelDefinition } from '../../panels/panel';
import { Button, IconButton } from '../../ui/button';
import { cx } from '../../ui/class-names';
import { ChevronDownIcon, ChevronUpIcon } from '../../ui/icons';
import { useSession, useStoreValue } from '../../ui/session-context';
import { useShortcuts } from '../../ui/shortcuts';
import { Tabs } from '../../ui/tabs';
import { PHONE, useMediaQuery } from '../../ui/use-media-query';
import { Library } from './library';
import { ShelfItems } from './shelf-items';
import { ShelfToolbar } from './shelf-toolbar';
import styles from './shelf-tray.module.css';
import { useTrayState } from './tray-state';

/** The shelf and the model's library: a tray along the bottom; on a phone a sheet over the panel. */
export function ShelfTray({ panel }: { panel: PanelDefinition }) {
  const { shelf } = useSession();
  const count = useStoreValue(shelf.store, (state) => state.items.length);
  const phone = useMediaQuery(PHONE);
  const tray = useTrayState(phone);
  useShortcuts('Shelf', [
    { key: 's', label: 'Shelf open and folded', run: () => tray.setOpen(!tray.open) },
    { key: 'Enter', label: 'On an item: use it in this panel' },
    { key: ' ', label: 'On an item: pick up, arrows move it, Space drops', display: 'Space' },
    { key: 'x', label: 'On an item: select', display: 'X' },
    { key: 'F2', label: 'On an item: rename' },
    { key: 'Delete', label: 'On an item: remove (can be undone)' },
  ]);

  if (phone && !tray.open) return null;
  const fold = (
    <IconButton
      label={tray.open ? 'Fold the shelf' : 'Unfold the shelf'}
      shortcut="S"
      side="top"
      aria-expanded={tray.open}
      onClick={() => tray.setOpen(!tray.open)}
    >
      {tray.open ? <ChevronDownIcon /> : <ChevronUpIcon />}
    </IconButton>
  );
  if (!tray.open) {
    return (
      <section className={cx(styles.tray, styles.folded)} aria-label="Shelf">
        <Button look="quiet" onClick={() => tray.setOpen(true)}>
          Shelf <span className={styles.count}>{count}</span>
        </Button>
        {fold}
      </section>
    );
  }
  return (
    <section className={styles.tray} aria-label="Shelf">
      <Tabs
        label="Shelf and library"
        className={styles.tabs}
        value={tray.tab}
        onChange={tray.setTab}
        aside={
          <>
            {tray.tab === 'shelf' ? <ShelfToolbar /> : <span className={styles.space} />}
            {fold}
          </>
        }
        tabs={[
          {
            value: 'shelf',
            label: (
              <>
                Shelf <span className={styles.count}>{count}</span>
              </>
            ),
            content: <ShelfItems panel={panel} />,
          },
          { value: 'library', label: 'Library', content: <Library panel={panel} /> },
        ]}
      />
    </section>
  );
}

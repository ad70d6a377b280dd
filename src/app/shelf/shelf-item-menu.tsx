import type { PanelDefinition } from '../../panels/panel';
import type { ShelfItem } from '../../session/shelf';
import { IconButton } from '../../ui/button';
import { MenuIcon } from '../../ui/icons';
import { addToWalk, copyLatent, lookAt, payloadOfItem } from '../../ui/latent-actions';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import { useSession, useStoreValue } from '../../ui/session-context';
import styles from './shelf-item.module.css';

interface ItemMenuProps {
  item: ShelfItem;
  usable: boolean;
  /** A mask that is on. */
  on: boolean;
  panel: PanelDefinition;
  first: boolean;
  last: boolean;
  onUse: () => void;
  onMove: (step: number) => void;
  onRename: () => void;
  onTag: () => void;
}

/** Everything that can be done with one kept thing. */
export function ItemMenu(props: ItemMenuProps) {
  const { item, usable, on, panel, first, last, onMove } = props;
  const session = useSession();
  const entries = useStoreValue(session.models.store, (state) => state.entries);
  const owner = entries.find((entry) => entry.files.generator.sha256 === item.modelHash);
  const payload = item.kind === 'latent' ? payloadOfItem(item) : null;
  return (
    <Menu
      side="top"
      align="end"
      trigger={
        // No tooltip: three dots on the item itself need none, and it would lie on the tray's tabs.
        <IconButton
          label={`Menu of ${item.label}`}
          data-tooltip={undefined}
          className={styles.menuButton}
        >
          <MenuIcon />
        </IconButton>
      }
    >
      {payload && usable && (
        <>
          {panel.take && panel.id !== 'explore' && panel.id !== 'walk' && (
            <MenuItem onSelect={props.onUse}>{panel.take.label}</MenuItem>
          )}
          <MenuItem onSelect={() => lookAt(session, payload.ref)}>Look at it in Explore</MenuItem>
          <MenuItem onSelect={() => addToWalk(session, [payload.ref])}>Add to the walk</MenuItem>
          <MenuItem onSelect={() => void copyLatent(session, payload.z)}>Copy z</MenuItem>
          <MenuSeparator />
        </>
      )}
      {item.kind === 'mask' && usable && (
        <>
          <MenuItem onSelect={props.onUse}>
            {on ? 'Take the mask off' : 'Draw with this mask'}
          </MenuItem>
          <MenuSeparator />
        </>
      )}
      {!usable && owner && (item.kind === 'latent' || item.kind === 'mask') && (
        <MenuItem onSelect={() => void session.models.open(owner.id).catch(() => undefined)}>
          Open its model, {owner.title}
        </MenuItem>
      )}
      <MenuItem shortcut="F2" onSelect={props.onRename}>
        Rename
      </MenuItem>
      <MenuItem onSelect={props.onTag}>Tags</MenuItem>
      <MenuItem disabled={first} shortcut="Alt ←" onSelect={() => onMove(-1)}>
        Move left
      </MenuItem>
      <MenuItem disabled={last} shortcut="Alt →" onSelect={() => onMove(1)}>
        Move right
      </MenuItem>
      <MenuItem shortcut="Del" onSelect={() => session.shelf.remove([item.id])}>
        Remove
      </MenuItem>
    </Menu>
  );
}

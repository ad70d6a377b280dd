import { useState } from 'react';
import { Button, IconButton } from '../../ui/button';
import { useFilePicker } from '../../ui/file-picker';
import { Dialog } from '../../ui/dialog';
import {
  DownloadIcon,
  MenuIcon,
  SearchIcon,
  TrashIcon,
  UploadIcon,
  WalkIcon,
} from '../../ui/icons';
import { addToWalk, payloadOfItem } from '../../ui/latent-actions';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import { useCurrentModel, useSession, useStoreValue } from '../../ui/session-context';
import { TextField } from '../../ui/text-field';
import { exportShelfFile, importShelfFile } from './shelf-files';
import styles from './shelf-toolbar.module.css';
import { filterItems, parseTags, tagsInUse } from './shelf-view';
import { useShelfQuery, useShelfSelection } from './tray-state';

/** Filter, import and export; with a selection, what can be done with it. */
export function ShelfToolbar() {
  const { selected } = useShelfSelection();
  return (
    <div className={styles.bar}>
      <Filter />
      <span className={styles.space} />
      {selected.size > 0 ? <SelectionActs /> : null}
      <ShelfMenu />
    </div>
  );
}

function Filter() {
  const { shelf } = useSession();
  const items = useStoreValue(shelf.store, (state) => state.items);
  const [query, setQuery] = useShelfQuery();
  if (items.length === 0) return null;
  return (
    <span className={styles.filter}>
      <SearchIcon />
      <TextField
        label="Filter the shelf by label or tag"
        type="search"
        placeholder="Label or tag"
        list="shelf-tags"
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setQuery('');
        }}
      />
      <datalist id="shelf-tags">
        {tagsInUse(items).map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
      {query !== '' && (
        <span className={styles.found} role="status">
          {filterItems(items, query).length} of {items.length}
        </span>
      )}
    </span>
  );
}

function SelectionActs() {
  const session = useSession();
  const model = useCurrentModel();
  const items = useStoreValue(session.shelf.store, (state) => state.items);
  const { selected, clear } = useShelfSelection();
  const [tagging, setTagging] = useState(false);
  const chosen = items.filter((item) => selected.has(item.id));
  const walkable = chosen.filter(
    (item) => item.kind === 'latent' && item.modelHash === model?.modelHash,
  );
  return (
    <span className={styles.selection} role="group" aria-label="Selected items">
      <span className={styles.found}>{chosen.length} selected</span>
      <Button
        icon={<WalkIcon />}
        disabled={walkable.length === 0}
        onClick={() => {
          addToWalk(
            session,
            walkable.flatMap((item) => (item.kind === 'latent' ? [payloadOfItem(item).ref] : [])),
          );
          clear();
        }}
      >
        Add to walk
      </Button>
      <Button onClick={() => setTagging(true)}>Tag</Button>
      <Button
        icon={<TrashIcon />}
        onClick={() => {
          session.shelf.remove(chosen.map((item) => item.id));
          clear();
        }}
      >
        Remove
      </Button>
      <Button look="quiet" onClick={clear}>
        Deselect
      </Button>
      <TagDialog
        open={tagging}
        title={`Tag ${chosen.length} items`}
        initial=""
        onClose={() => setTagging(false)}
        onSave={(tags) => {
          for (const item of chosen) {
            session.shelf.update(item.id, { tags: [...new Set([...item.tags, ...tags])] });
          }
          clear();
        }}
      />
    </span>
  );
}

function ShelfMenu() {
  const session = useSession();
  const items = useStoreValue(session.shelf.store, (state) => state.items);
  const { set } = useShelfSelection();
  const picker = useFilePicker({
    label: 'Exported shelf',
    testId: 'shelf-file',
    onFile: (file) => void importShelfFile(session, file),
  });
  return (
    <>
      <Menu
        align="end"
        side="top"
        trigger={
          <IconButton label="Shelf menu" side="top">
            <MenuIcon />
          </IconButton>
        }
      >
        <MenuItem icon={<UploadIcon />} onSelect={picker.choose}>
          Import a shelf (JSON)
        </MenuItem>
        <MenuItem
          icon={<DownloadIcon />}
          disabled={items.length === 0}
          onSelect={() => void exportShelfFile(session)}
        >
          Export the shelf (JSON)
        </MenuItem>
        <MenuSeparator />
        <MenuItem disabled={items.length === 0} onSelect={() => set(items.map((item) => item.id))}>
          Select all
        </MenuItem>
        <MenuItem
          icon={<TrashIcon />}
          disabled={items.length === 0}
          onSelect={() => session.shelf.clear()}
        >
          Remove everything
        </MenuItem>
      </Menu>
      {picker.field}
    </>
  );
}

interface TagDialogProps {
  open: boolean;
  title: string;
  initial: string;
  onClose: () => void;
  onSave: (tags: string[]) => void;
}

export function TagDialog({ open, title, initial, onClose, onSave }: TagDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <form
        className={styles.tagForm}
        onSubmit={(event) => {
          event.preventDefault();
          const text = new FormData(event.currentTarget).get('tags');
          onSave(typeof text === 'string' ? parseTags(text) : []);
          onClose();
        }}
      >
        <TextField
          label="Tags, separated by commas"
          name="tags"
          placeholder="smile, glasses"
          defaultValue={initial}
          data-autofocus
        />
        <Button type="submit" look="primary">
          Save tags
        </Button>
      </form>
    </Dialog>
  );
}

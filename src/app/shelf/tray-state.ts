/** Whether the tray is open, which tab it shows, what it is filtered by and what is selected. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { useStored } from '../../ui/use-stored';

type Tab = 'shelf' | 'library';

interface TrayState {
  /** On a phone the sheet covers the panel: it opens folded every time. */
  sheetOpen: boolean;
  query: string;
  selected: ReadonlySet<string>;
}

const store = createStore<TrayState>(() => ({
  sheetOpen: false,
  query: '',
  selected: new Set(),
}));

export function useTrayState(phone: boolean) {
  const [stored, setStored] = useStored('shelf', defaultFold(), ['open', 'folded']);
  const [tab, setTab] = useStored<Tab>('shelf-tab', 'shelf', ['shelf', 'library']);
  const sheetOpen = useStore(store, (state) => state.sheetOpen);
  return {
    open: phone ? sheetOpen : stored === 'open',
    setOpen(open: boolean) {
      if (phone) store.setState({ sheetOpen: open });
      else setStored(open ? 'open' : 'folded');
    },
    tab,
    setTab,
  };
}

export function useSheetOpen(): [boolean, (open: boolean) => void] {
  const open = useStore(store, (state) => state.sheetOpen);
  return [open, (next) => store.setState({ sheetOpen: next })];
}

export function useShelfQuery(): [string, (query: string) => void] {
  const query = useStore(store, (state) => state.query);
  return [query, (next) => store.setState({ query: next })];
}

export function useShelfSelection() {
  const selected = useStore(store, (state) => state.selected);
  return {
    selected,
    toggle: (id: string) => {
      const next = new Set(store.getState().selected);
      if (!next.delete(id)) next.add(id);
      store.setState({ selected: next });
    },
    set: (ids: Iterable<string>) => store.setState({ selected: new Set(ids) }),
    clear: () => store.setState({ selected: new Set() }),
  };
}

/** A low window keeps its height for the pictures. */
function defaultFold(): 'open' | 'folded' {
  return window.innerHeight >= 840 ? 'open' : 'folded';
}

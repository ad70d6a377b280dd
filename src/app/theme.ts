import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type Theme = 'system' | 'light' | 'dark';

const STORAGE_KEY = 'latentarium.theme';
const store = createStore<{ theme: Theme }>(() => ({ theme: read() }));

// At once and outside React: a page that is first drawn in the other theme flashes.
apply(store.getState().theme);

/** The chosen theme; it stands on <html data-theme> where it is not the system's. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useStore(store, (state) => state.theme);
  return [theme, setTheme];
}

function setTheme(theme: Theme): void {
  store.setState({ theme });
  apply(theme);
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Without storage the choice holds until the page is closed.
  }
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function read(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}

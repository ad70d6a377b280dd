/**
 * Keys of the page, in one place: whoever binds one also appears in the shortcuts sheet. Single letters
 * can be switched off there (WCAG 2.1.4): speech input types letters.
 */
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export interface Shortcut {
  /** KeyboardEvent.key, lower case for letters: 'n', '?', ' ', 'ArrowLeft'. */
  key: string;
  /** What it does, in words. */
  label: string;
  /** How the sheet writes it, where it is not the key itself. */
  display?: string;
  /** Absent: handled elsewhere (by a focused control); listed only. */
  run?: () => void;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

interface ShortcutState {
  groups: readonly { id: symbol; group: React.RefObject<ShortcutGroup> }[];
  enabled: boolean;
}

const STORAGE_KEY = 'latentarium.shortcuts';
const store = createStore<ShortcutState>(() => ({ groups: [], enabled: readEnabled() }));

/** Binds keys as long as the component is shown. A later binding of the same key wins. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const group = useRef<ShortcutGroup>({ title, shortcuts });
  useEffect(() => {
    group.current = { title, shortcuts };
  });
  useEffect(() => {
    const id = Symbol(title);
    store.setState(({ groups }) => ({ groups: [...groups, { id, group }] }));
    return () => store.setState(({ groups }) => ({ groups: groups.filter((g) => g.id !== id) }));
  }, [title]);
}

/** Listens for keys; once, in the shell. */
export function useShortcutListener(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isForControl(event)) return;
      const { groups, enabled } = store.getState();
      if (!enabled && event.key !== '?') return;
      const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      for (const { group } of [...groups].reverse()) {
        const match = group.current.shortcuts.find((s) => s.key === pressed && s.run);
        if (match) {
          event.preventDefault();
          match.run?.();
          return;
        }
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** What is bound at the moment, for the sheet. */
export function useShortcutGroups(): readonly ShortcutGroup[] {
  return useStore(store, (state) => state.groups).map(({ group }) => group.current);
}

export function useShortcutsEnabled(): [boolean, (enabled: boolean) => void] {
  const enabled = useStore(store, (state) => state.enabled);
  return [
    enabled,
    (next) => {
      store.setState({ enabled: next });
      try {
        localStorage.setItem(STORAGE_KEY, next ? 'on' : 'off');
      } catch {
        // Without storage the choice holds until the page is closed.
      }
    },
  ];
}

function readEnabled(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== 'off';
  } catch {
    return true;
  }
}

/** Keys with modifiers are the browser's; letters in a text field are text; a modal dialog has the keys. */
function isForControl(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector('dialog[open]')) return true;
  const target = event.target as HTMLElement;
  if (target.closest('input, textarea, select, [contenteditable="true"], [role="menu"]'))
    return true;
  // Space presses buttons and moves sliders; arrows too.
  const isControl = target.closest('button, a, [role="slider"], [role="option"], [role="radio"]');
  return isControl !== null && (event.key === ' ' || event.key.startsWith('Arrow'));
}

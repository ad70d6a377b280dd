import { Dialog } from '../ui/dialog';
import { useShortcutGroups, useShortcutsEnabled, type Shortcut } from '../ui/shortcuts';
import { Switch } from '../ui/switch';
import styles from './shortcuts-sheet.module.css';

/** Every key that does something now. */
export function ShortcutsSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const groups = useShortcutGroups();
  const [enabled, setEnabled] = useShortcutsEnabled();
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      <div className={styles.columns}>
        {groups.map((group, index) => (
          <section key={`${group.title}-${index}`} className={styles.group}>
            <h3>{group.title}</h3>
            <dl>
              {group.shortcuts.map((shortcut) => (
                <div key={shortcut.key + shortcut.label}>
                  <dt>
                    <kbd>{displayOf(shortcut)}</kbd>
                  </dt>
                  <dd>{shortcut.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className={styles.foot}>
        <Switch
          label="Single keys work (switch off for speech input)"
          checked={enabled}
          onChange={setEnabled}
        />
      </div>
    </Dialog>
  );
}

function displayOf({ key, display }: Shortcut): string {
  if (display !== undefined) return display;
  if (key === ' ') return 'Space';
  return key.length === 1 ? key.toUpperCase() : key;
}

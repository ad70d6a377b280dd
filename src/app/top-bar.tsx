import { lectureParam, panelParam } from '../session/params';
import { useState } from 'react';
import type { PanelDefinition } from '../panels/panel';
import { IconButton } from '../ui/button';
import { AutoThemeIcon, KeyboardIcon, LectureIcon, MoonIcon, SunIcon } from '../ui/icons';
import { Menu, MenuRadioGroup } from '../ui/menu';
import { SegmentedControl } from '../ui/segmented';
import { useUrlParam } from '../ui/session-context';
import { useShortcuts } from '../ui/shortcuts';
import { DeviceBadge } from './device-badge';
import { MaskBadge } from './mask-badge';
import { ModelPicker } from './model-picker';
import { usePanelShortcuts } from './nav-rail';
import { panels } from './panels';
import { ShareButton } from './share-button';
import { ShortcutsSheet } from './shortcuts-sheet';
import { useTheme, type Theme } from './theme';
import styles from './top-bar.module.css';

/** Model, device, link, lecture mode, theme, keys. In lecture mode only what a lecturer steers by. */
export function TopBar({ panel, lecture }: { panel: PanelDefinition; lecture: boolean }) {
  const [, setLecture] = useUrlParam(lectureParam);
  const [sheetOpen, setSheetOpen] = useState(false);
  useShortcuts('Page', [
    { key: '?', label: 'This sheet', run: () => setSheetOpen(true) },
    { key: 'l', label: 'Lecture mode on and off', run: () => setLecture(!lecture) },
    { key: 'F8', label: 'To the notices' },
  ]);

  return (
    <header className={styles.bar}>
      <span className={styles.brand} aria-hidden={lecture}>
        <BrandMark />
        <span className={styles.name}>Latentarium</span>
      </span>
      <ModelPicker />
      {lecture && <LecturePanels panel={panel} />}
      <span className={styles.space} />
      <MaskBadge />
      {!lecture && (
        <>
          <DeviceBadge />
          <ShareButton />
        </>
      )}
      <IconButton
        label={lecture ? 'Leave lecture mode' : 'Lecture mode'}
        shortcut="L"
        pressed={lecture}
        onClick={() => setLecture(!lecture)}
      >
        <LectureIcon />
      </IconButton>
      <ThemeMenu />
      {!lecture && (
        <span className={styles.wideOnly}>
          <IconButton label="Keyboard shortcuts" shortcut="?" onClick={() => setSheetOpen(true)}>
            <KeyboardIcon />
          </IconButton>
        </span>
      )}
      <ShortcutsSheet open={sheetOpen} onClose={() => setSheetOpen(false)} />
    </header>
  );
}

/** The rail is hidden in lecture mode: this is the way from panel to panel. */
function LecturePanels({ panel }: { panel: PanelDefinition }) {
  const [, setPanel] = useUrlParam(panelParam);
  usePanelShortcuts((id) => setPanel(id, { push: true }));
  return (
    <SegmentedControl
      label="Panel"
      value={panel.id}
      options={panels.map(({ id, title }) => ({ value: id, label: title }))}
      onChange={(id) => setPanel(id, { push: true })}
    />
  );
}

function ThemeMenu() {
  const [theme, setTheme] = useTheme();
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Theme">
          {theme === 'light' ? <SunIcon /> : theme === 'dark' ? <MoonIcon /> : <AutoThemeIcon />}
        </IconButton>
      }
    >
      <MenuRadioGroup<Theme>
        label="Theme"
        value={theme}
        onChange={setTheme}
        options={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
    </Menu>
  );
}

/** A path between two points on a circle: the walk on the shell of the prior. */
function BrandMark() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" fill="none" aria-hidden="true">
      <circle cx="10" cy="10" r="7.25" stroke="currentColor" strokeWidth="1.5" />
      <path d="M4.2 14.3A9 9 0 0 1 15 4.7" stroke="var(--accent)" strokeWidth="2" />
      <circle cx="4.4" cy="14.2" r="2" fill="var(--accent)" />
      <circle cx="15.2" cy="5" r="2" fill="var(--accent)" />
    </svg>
  );
}

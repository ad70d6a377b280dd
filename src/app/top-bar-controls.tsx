import type { PanelDefinition } from '../panels/panel';
import { lectureParam, panelParam } from '../session/params';
import { IconButton } from '../ui/button';
import { AutoThemeIcon, KeyboardIcon, LectureIcon, MoonIcon, SunIcon } from '../ui/icons';
import { Menu, MenuRadioGroup } from '../ui/menu';
import { Select } from '../ui/select';
import { useUrlParam } from '../ui/session-context';
import { DeviceBadge } from './device-badge';
import { MaskBadge } from './mask-badge';
import { ModelPicker } from './model-picker';
import { usePanelShortcuts } from './nav-rail';
import { panels } from './panels';
import { ShareButton } from './share-button';
import { useTheme, type Theme } from './theme';
import { TRAIN_PANEL, TrainingBadge } from './training-badge';
import styles from './top-bar.module.css';

interface TopBarControlsProps {
  panel: PanelDefinition;
  lecture: boolean;
  onShortcuts: () => void;
}

/** Model, device, link, lecture mode, theme, keys. In lecture mode only what a lecturer steers by. */
export function TopBarControls({ panel, lecture, onShortcuts }: TopBarControlsProps) {
  const [, setLecture] = useUrlParam(lectureParam);

  return (
    <>
      <ModelPicker />
      {lecture && <LecturePanels panel={panel} />}
      <span className={styles.space} />
      <TrainingBadge shown={panel.id === TRAIN_PANEL} />
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
          <IconButton label="Keyboard shortcuts" shortcut="?" onClick={onShortcuts}>
            <KeyboardIcon />
          </IconButton>
        </span>
      )}
    </>
  );
}

/** The rail is hidden in lecture mode: this is the way from panel to panel. */
function LecturePanels({ panel }: { panel: PanelDefinition }) {
  const [, setPanel] = useUrlParam(panelParam);
  usePanelShortcuts((id) => setPanel(id, { push: true }));
  return (
    <Select
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

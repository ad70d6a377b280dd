import { useEffect, useRef } from 'react';
import { panelParam } from '../session/params';
import type { PanelDefinition } from '../panels/panel';
import { cx } from '../ui/class-names';
import { useLatentDrop } from '../ui/latent-drag';
import { useSession, useUrlParam } from '../ui/session-context';
import { useShortcuts } from '../ui/shortcuts';
import styles from './nav-rail.module.css';
import { panels } from './panels';
import { ShelfSheetButton } from './shelf/shelf-sheet-button';

/** The panels: a rail at the left; on a phone a bar along the bottom, which also opens the shelf. */
export function NavRail({ current }: { current: PanelDefinition }) {
  const [, setPanel] = useUrlParam(panelParam);
  const open = (id: string) => setPanel(id, { push: true });
  usePanelShortcuts(open);
  const rail = useRef<HTMLElement>(null);
  useEffect(() => {
    const item = rail.current?.querySelector('[aria-current]');
    item?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <nav ref={rail} className={styles.rail} aria-label="Panels">
      {panels.map((panel) => (
        <NavItem key={panel.id} panel={panel} current={panel === current} onOpen={open} />
      ))}
      <ShelfSheetButton className={cx(styles.item, styles.shelf)} />
    </nav>
  );
}

export function usePanelShortcuts(open: (id: string) => void): void {
  useShortcuts(
    'Panels',
    panels.slice(0, 9).map((panel, index) => ({
      key: String(index + 1),
      label: panel.title,
      run: () => open(panel.id),
    })),
  );
}

interface NavItemProps {
  panel: PanelDefinition;
  current: boolean;
  onOpen: (id: string) => void;
}

function NavItem({ panel, current, onOpen }: NavItemProps) {
  const session = useSession();
  const { take } = panel;
  const { setNodeRef, isOver, isDragging } = useLatentDrop(
    `nav-${panel.id}`,
    panel.title,
    (payload) => take?.run(session, payload),
    { disabled: take === undefined },
  );
  const { Icon } = panel;
  return (
    <a
      ref={setNodeRef}
      href={`#panel=${panel.id}`}
      data-panel={panel.id}
      aria-current={current ? 'page' : undefined}
      className={cx(
        styles.item,
        isDragging && take && styles.target,
        isOver && take && styles.over,
      )}
      draggable={false}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        onOpen(panel.id);
      }}
    >
      <Icon />
      <span>{panel.title}</span>
    </a>
  );
}

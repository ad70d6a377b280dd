import { clearMask, countUnits, maskOf, setMask, switchMask } from '../session/mask';
import { maskParam } from '../session/mask-link';
import { Button, IconButton } from '../ui/button';
import { CloseIcon } from '../ui/icons';
import { useCurrentModel, useSession, useUrlParam } from '../ui/session-context';
import styles from './mask-badge.module.css';

/** Says that pictures are drawn with filters switched off, and is the switch for it. */
export function MaskBadge() {
  const session = useSession();
  const model = useCurrentModel();
  useUrlParam(maskParam);
  if (!model) return null;
  const { units, on } = maskOf(session.url, model);
  const count = countUnits(units);
  if (count === 0) return null;
  const filters = `${count} ${count === 1 ? 'filter' : 'filters'}`;
  return (
    <span className={styles.badge} data-testid="mask-badge">
      <Button
        pressed={on}
        title={on ? 'Switch the mask off' : 'Switch the mask on'}
        onClick={() => switchMask(session, !on)}
      >
        <span className={styles.long}>Mask: {filters}</span>
        <span className={styles.short}>−{count}</span> {on ? 'on' : 'off'}
      </Button>
      <IconButton
        label="Remove the mask"
        onClick={() => {
          clearMask(session);
          session.notices.post({
            level: 'info',
            message: 'The mask was removed: all filters draw again.',
            action: {
              label: 'Undo',
              run: () => {
                if (model.id === session.models.store.getState().current?.id) {
                  setMask(session, units);
                }
              },
            },
          });
        }}
      >
        <CloseIcon />
      </IconButton>
    </span>
  );
}

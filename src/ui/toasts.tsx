import { Toast } from 'radix-ui';
import type { Notice } from '../session/session';
import { Button, IconButton } from './button';
import { CheckIcon, CloseIcon, InfoIcon, WarningIcon } from './icons';
import { useSession, useStoreValue } from './session-context';
import styles from './toasts.module.css';

/** The session's notices, newest at the bottom. F8 moves the focus to them. */
export function Toasts() {
  const { notices } = useSession();
  const list = useStoreValue(notices.store, (state) => state.notices);
  return (
    <Toast.Provider swipeDirection="right" label="Notice">
      {list.map((notice) => (
        <NoticeToast key={notice.id} notice={notice} onDismiss={() => notices.dismiss(notice.id)} />
      ))}
      <Toast.Viewport className={styles.viewport} />
    </Toast.Provider>
  );
}

function NoticeToast({ notice, onDismiss }: { notice: Notice; onDismiss: () => void }) {
  const { action } = notice;
  return (
    <Toast.Root
      className={styles.toast}
      data-level={notice.level}
      type={notice.level === 'error' ? 'foreground' : 'background'}
      duration={durationMs(notice)}
      onOpenChange={(open) => {
        if (!open) onDismiss();
      }}
    >
      <span className={styles.icon}>
        <LevelIcon level={notice.level} />
      </span>
      <div className={styles.text}>
        <Toast.Title className={styles.message}>{notice.message}</Toast.Title>
        {notice.hint !== undefined && (
          <Toast.Description className={styles.hint}>{notice.hint}</Toast.Description>
        )}
      </div>
      {action && (
        <Toast.Action altText={`${action.label}: ${notice.message}`} asChild>
          <Button className={styles.action} onClick={action.run}>
            {action.label}
          </Button>
        </Toast.Action>
      )}
      <Toast.Close asChild>
        <IconButton label="Dismiss" side="top">
          <CloseIcon />
        </IconButton>
      </Toast.Close>
    </Toast.Root>
  );
}

function LevelIcon({ level }: { level: Notice['level'] }) {
  if (level === 'success') return <CheckIcon />;
  return level === 'info' ? <InfoIcon /> : <WarningIcon />;
}

/** Errors stay until they are dismissed; what can be undone stays long enough to be read twice. */
function durationMs(notice: Notice): number {
  if (notice.level === 'error') return Infinity;
  if (notice.action) return 12_000;
  return notice.hint === undefined ? 4_000 : 8_000;
}

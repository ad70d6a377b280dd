import { useState } from 'react';
import { Button } from '../ui/button';
import { CopyIcon, LinkIcon } from '../ui/icons';
import { copyText } from '../ui/latent-actions';
import { Popover } from '../ui/popover';
import { useCurrentModel, useSession, useStoreValue } from '../ui/session-context';
import { TextField } from '../ui/text-field';
import styles from './share-button.module.css';

/** The link to what is on the screen. */
export function ShareButton() {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label="Share"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button look="quiet" icon={<LinkIcon />} className={styles.button} aria-label="Share">
          <span className={styles.text}>Share</span>
        </Button>
      }
    >
      <ShareBody />
    </Popover>
  );
}

function ShareBody() {
  const session = useSession();
  const model = useCurrentModel();
  // The link follows the screen while the popup is open.
  useStoreValue(session.url.store, (state) => state.values);
  const link = session.url.link();
  const isLocal = model?.id.startsWith('local:') === true;
  return (
    <div className={styles.body}>
      <p>Whoever opens this link sees what you see now: same model, same latents, same pictures.</p>
      <div className={styles.row}>
        <TextField
          label="Link to this view"
          readOnly
          value={link}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          look="primary"
          icon={<CopyIcon />}
          onClick={() => void copyText(session, link, 'Link copied')}
        >
          Copy
        </Button>
      </div>
      {isLocal && (
        <p className={styles.hint}>
          This model is a file of yours and is not in the link: others must open the same file
          first.
        </p>
      )}
      <p className={styles.hint}>
        The shelf is not part of a link. Export it from its tray to hand it on.
      </p>
    </div>
  );
}

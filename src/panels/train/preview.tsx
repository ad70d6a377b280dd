import { useEffect, useRef } from 'react';
import type { ReadImagesAnswer } from '../../data/api';
import { Button } from '../../ui/button';
import { UploadIcon } from '../../ui/icons';
import { ProgressBar } from '../../ui/progress-bar';
import { heldOutCount } from '../../session/training/split';
import { useSession, useUrlParam } from '../../ui/session-context';
import { ThumbGrid, type ThumbGridHandle } from '../../ui/thumb-grid';
import { PHONE, useMediaQuery } from '../../ui/use-media-query';
import { setPictures } from './paint';
import { dataParam } from './params';
import styles from './setup.module.css';
import type { Plan } from './use-setup';
import { formatCount } from './words';

/** Of a set: enough to see what it is made of. */
const SHOWN = 96;
const SHOWN_ON_PHONE = 40;

/** The pictures as they would be trained on, and how they were read. */
export function Preview({ plan }: { plan: Plan }) {
  const { state, entry } = plan;
  const { data, status, progress, error, report } = state;
  const grid = useRef<ThumbGridHandle>(null);
  const phone = useMediaQuery(PHONE);
  const count = Math.min(phone ? SHOWN_ON_PHONE : SHOWN, data?.images.count ?? 0);
  useEffect(() => {
    if (data) grid.current?.paint(0, setPictures(data.images, count));
  }, [data, count]);

  return (
    <section className={styles.preview} aria-label="Pictures to train on">
      <Heading plan={plan} />
      {status === 'reading' && (
        <ProgressBar
          label={progress?.label ?? 'Reading the pictures'}
          fraction={progress?.fraction ?? null}
        />
      )}
      {error && (
        <div role="alert" className={styles.error}>
          <p>{error.message}</p>
          <p>{error.hint}</p>
        </div>
      )}
      {status === 'none' && state.entries !== null && (
        <div className={styles.empty}>
          <UploadIcon />
          <p>
            Drop pictures of your own here, or choose them with <em>Files</em> or <em>Folder</em>.
          </p>
          <p>At least four; forty make an interesting training, some hundreds a better one.</p>
        </div>
      )}
      {report && <Report report={report} />}
      {data && (
        <ThumbGrid
          key={`${count}`}
          ref={grid}
          label={`The first ${count} of ${data.title}`}
          count={count}
          minCell={24}
          selected={[]}
          onSelect={() => undefined}
          cellLabel={(index) => `Picture ${index + 1}`}
          className={styles.grid}
        />
      )}
      {data && entry && <p className={styles.about}>{entry.about}</p>}
      {data && heldOutCount(data.images.count) === 0 && (
        <p className={styles.about}>
          So few that all of them are trained on: none can be held out to measure against, and G may
          well learn them by heart.
        </p>
      )}
    </section>
  );
}

function Heading({ plan }: { plan: Plan }) {
  const session = useSession();
  const [, setData] = useUrlParam(dataParam);
  const { data } = plan.state;
  const keep = async () => {
    try {
      const id = await plan.setup.keep();
      if (id === null) return;
      setData(`kept:${id}`);
      session.notices.post({
        level: 'success',
        message: `${data?.title ?? 'The set'} is kept on this device.`,
        hint: 'It is found again under “Own”, and can be forgotten there.',
      });
    } catch (error) {
      session.notices.postError(error);
    }
  };
  if (!data) return null;
  const { count, size, channels } = data.images;
  return (
    <div className={styles.heading}>
      <h2>{data.title}</h2>
      <p className={styles.muted} data-testid="set-count" data-count={count}>
        {formatCount(count)} pictures, {size}×{size}, {channels === 1 ? 'grey' : 'color'}
      </p>
      {data.source.kind === 'own' && (
        <Button className={styles.end} onClick={() => void keep()}>
          Keep on this device
        </Button>
      )}
    </div>
  );
}

/** What was found, what was left out and why, by name. */
function Report({ report }: { report: ReadImagesAnswer['report'] }) {
  const { found, format, duplicates, refused, leftOut } = report;
  const left = duplicates.length + refused.length;
  return (
    <div className={styles.report} data-testid="report">
      <p>
        Read as {format}
        {!format.startsWith(String(found)) && `: ${formatCount(found)} found`}
        {leftOut > 0 && `, ${formatCount(leftOut)} beyond 50,000 left out`}.
      </p>
      {left > 0 && (
        <details>
          <summary>
            {duplicates.length > 0 && `${countOf(duplicates.length, 'duplicate')} left out`}
            {duplicates.length > 0 && refused.length > 0 && ', '}
            {refused.length > 0 && `${countOf(refused.length, 'file')} not read`}
          </summary>
          <ul>
            {refused.map(({ name, reason }) => (
              <li key={name}>
                <strong>{name}</strong>: {reason}
              </li>
            ))}
            {duplicates.map((name) => (
              <li key={name}>
                <strong>{name}</strong>: the same, pixel by pixel, as one before it
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function countOf(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
}

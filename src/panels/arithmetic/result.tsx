import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Button } from '../../ui/button';
import { KeepIcon } from '../../ui/icons';
import { keepOnShelf } from '../../ui/latent-actions';
import { ThumbGrid, type ThumbGridHandle } from '../../ui/thumb-grid';
import { CENTER, type Answer } from './answer';
import { Meters } from './face';
import { equationText } from './equation';
import { describeReading, wordingText } from './reading';
import type { ResolvedTerm } from './resolve';
import styles from './result.module.css';
import { exactPayload, useShown, useWorkbench } from './workbench';

const NO_LATENTS: readonly Float32Array[] = [];

interface ResultProps {
  answer: Answer | null;
  terms: readonly ResolvedTerm[];
  /** The slider that the face follows. */
  fade: ReactNode;
}

/** The paper's 3×3: the result and its eight neighbours, what the judge says of it, and where to keep it. */
export function Result({ answer, terms, fade }: ResultProps) {
  const workbench = useWorkbench();
  const { session, model } = workbench;
  const grid = useRef<ThumbGridHandle>(null);
  const [chosen, setChosen] = useState(CENTER);
  const z = answer?.nine ?? NO_LATENTS;
  const shown = useShown('nine', z);
  const { width, height } = model.spec.output;
  const formula = useMemo(() => equationText(terms), [terms]);

  useEffect(() => {
    shown.pictures.forEach((picture, at) => {
      if (!picture) return;
      grid.current?.paint(at, {
        count: 1,
        width: picture.width,
        height: picture.height,
        data: picture.rgba,
        latencyMs: 0,
      });
    });
    if (!shown.current) grid.current?.markStale();
  }, [shown]);

  const labelOf = (at: number) => (at === CENTER ? formula : `${formula}, neighbour`);
  const payload = (at: number) => {
    const latent = z[at];
    if (!latent) return null;
    return exactPayload(workbench, latent, labelOf(at), shown.pictures[at] ?? null);
  };
  const keep = () => {
    const held = payload(chosen);
    if (held) void keepOnShelf(session, held, ['arithmetic']);
  };
  const reading = (answer && shown.pictures[chosen]?.reading) ?? null;

  return (
    <section className={styles.result} aria-label="Result" data-testid="result">
      <div className={styles.nine} style={{ aspectRatio: `${width} / ${height}` }}>
        {answer ? (
          <ThumbGrid
            ref={grid}
            label="The result and its neighbours"
            count={9}
            columns={3}
            aspect={width / height}
            minCell={24}
            selected={[chosen]}
            onSelect={setChosen}
            followFocus
            cellLabel={(at) =>
              at === CENTER ? 'Result' : `Neighbour ${at + (at > CENTER ? 0 : 1)}`
            }
            getPayload={payload}
          />
        ) : (
          <p className={styles.nothing}>Fill a group to see a result.</p>
        )}
      </div>
      <div className={styles.side}>
        <p
          className={styles.words}
          aria-live="polite"
          data-testid="words"
          data-judged={shown.judged}
        >
          {reading ? sentence(wordingText(describeReading(reading))) : formula}
        </p>
        <Meters reading={reading} size="large" />
        {fade}
        <Button icon={<KeepIcon />} disabled={!answer} onClick={keep}>
          Keep {chosen === CENTER ? 'the result' : 'this neighbour'}
        </Button>
      </div>
    </section>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

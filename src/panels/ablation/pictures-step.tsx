import { useEffect, useMemo, useRef } from 'react';
import { boxesBySample } from '../../core/boxes';
import { isAbort } from '../../lib/errors';
import type { UnitMask } from '../../model/source';
import { countUnits } from '../../session/mask';
import type { CurrentModel } from '../../session/session';
import { useSession } from '../../ui/session-context';
import { ThumbGrid, type ThumbGridHandle } from '../../ui/thumb-grid';
import type { Dropped, Forget, ForgetState } from './forget-store';
import styles from './forget.module.css';
import type { MaskEditor } from './use-mask';

interface PicturesStepProps {
  model: CurrentModel;
  forget: Forget;
  state: ForgetState;
  mask: MaskEditor;
}

const SHOWN = 25;

const NAMES: Record<Dropped, string> = {
  rule: 'filters that speak for the boxes are dropped',
  point: 'filters of the best point are dropped',
  random: 'filters are dropped at random',
  lowest: 'filters that speak least for the boxes are dropped',
};

/** The same 25 z, with all filters and with the mask. */
export function PicturesStep({ model, forget, state, mask }: PicturesStepProps) {
  const { width, height } = model.spec.output;
  const samples = useMemo(() => {
    const boxed = [...boxesBySample(state.boxes).keys()];
    const rest = Array.from({ length: SHOWN }, (_, i) => i).filter((i) => !boxed.includes(i));
    return [...boxed, ...rest].slice(0, SHOWN);
  }, [state.boxes]);
  const latents = useMemo(() => {
    const all = forget.latents();
    return samples.map((sample) => all[sample]!);
    // The samples of a seed are the same whenever they are asked for.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [forget, samples, state.seed]);
  const left = useRef<ThumbGridHandle>(null);
  const right = useRef<ThumbGridHandle>(null);
  usePainted(left, latents, NONE);
  usePainted(right, latents, mask.active);
  const count = countUnits(mask.active);
  const dropped = forget.droppedAs(mask.active);
  const what =
    count === 0
      ? 'No filter is dropped yet: press Drop.'
      : `${count} ${dropped ? NAMES[dropped] : 'filters are changed'}.`;
  const grid = { count: SHOWN, columns: 5, aspect: width / height, minCell: 24 };

  return (
    <div className={styles.pictures}>
      <p className={styles.hint} role="status">
        {what}
      </p>
      <div className={styles.pairs}>
        <figure>
          <figcaption>All filters</figcaption>
          <ThumbGrid
            ref={left}
            {...grid}
            label="With all filters"
            selected={[]}
            onSelect={(index) => forget.set({ sample: samples[index]!, step: 'boxes' })}
            cellLabel={(index) => `Sample ${samples[index]}`}
          />
        </figure>
        <figure>
          <figcaption>The same z with the mask</figcaption>
          <ThumbGrid
            ref={right}
            {...grid}
            label="With the mask"
            selected={[]}
            onSelect={(index) => forget.set({ sample: samples[index]!, step: 'boxes' })}
            cellLabel={(index) => `Sample ${samples[index]}, with the mask`}
          />
        </figure>
      </div>
    </div>
  );
}

const NONE: UnitMask = {};

function usePainted(
  grid: React.RefObject<ThumbGridHandle | null>,
  latents: readonly Float32Array[],
  units: UnitMask,
): void {
  const session = useSession();
  useEffect(() => {
    const ended = new AbortController();
    grid.current?.markStale();
    session.generator
      .render(latents, { units, signal: ended.signal })
      .then((images) => grid.current?.paint(0, images))
      .catch((error: unknown) => {
        if (!isAbort(error)) session.notices.postError(error);
      });
    return () => ended.abort();
  }, [session, grid, latents, units]);
}

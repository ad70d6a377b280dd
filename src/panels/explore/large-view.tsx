import { Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { norm } from '../../core/latent';
import { priorShell } from '../../core/shell';
import type { CurrentModel } from '../../session/session';
import { Button, IconButton } from '../../ui/button';
import { cx } from '../../ui/class-names';
import { CopyIcon, KeepIcon, WalkIcon } from '../../ui/icons';
import { useAfterFirstPicture } from '../../ui/first-picture';
import { ImageCanvas, type ImageCanvasHandle } from '../../ui/image-canvas';
import { addToWalk, copyLatent, keepOnShelf } from '../../ui/latent-actions';
import { useLatentDrag, useLatentDrop, type LatentPayload } from '../../ui/latent-drag';
import { lazyPart } from '../../ui/lazy-part';
import { ButtonRow } from '../../ui/panel-layout';
import { useSession, useUrlParam } from '../../ui/session-context';
import { useShortcuts } from '../../ui/shortcuts';
import styles from './explore.module.css';
import { NormGauge } from './norm-gauge';
import { smoothParam } from './params';
import type { LookedAt } from './use-explore';
import { useLargePicture } from './use-pictures';

const SaveMenu = lazyPart(() => import('./save-menu').then((module) => module.SaveMenu));

interface LargeViewProps {
  model: CurrentModel;
  lookedAt: LookedAt;
  onVary: () => void;
}

/** The chosen latent, as large as the room allows, and what can be done with it. */
export function LargeView({ model, lookedAt, onVary }: LargeViewProps) {
  const session = useSession();
  const [smooth] = useUrlParam(smoothParam);
  const canvas = useRef<ImageCanvasHandle>(null);
  const ready = useAfterFirstPicture();
  const { z, portable, label } = lookedAt;
  const { output, latent } = model.spec;
  useLargePicture(canvas, z);

  const payload = (): LatentPayload => ({
    z,
    label,
    ref: portable,
    thumbnail: canvas.current?.toDataUrl() ?? '',
    modelHash: model.modelHash,
  });
  const { kept, keep } = useKeep(payload);
  const walk = () => addToWalk(session, [portable]);
  const copy = () => void copyLatent(session, z);
  useShortcuts('Explore: the large picture', [
    { key: 'k', label: 'Keep it on the shelf', run: keep },
    { key: 'w', label: 'Add it to the walk', run: walk },
    { key: 'v', label: 'Vary it, and back to samples', run: onVary },
    { key: 'c', label: 'Copy its z', run: copy },
  ]);

  const { setNodeRef: setDragRef, listeners } = useLatentDrag('explore-large', payload);
  const { setNodeRef: setDropRef, isOver } = useLatentDrop(
    'explore-large-drop',
    'the large picture',
    (dropped) => {
      lookedAt.select(dropped.ref);
    },
  );
  const shell = useMemo(() => {
    const prior = priorShell(latent.prior, latent.size);
    return { low: prior.quantile(0.025), high: prior.quantile(0.975) };
  }, [latent]);

  return (
    <section className={styles.large} aria-label="The chosen one">
      <div ref={setDropRef} className={cx(styles.largeBox, isOver && styles.dropHere)}>
        <div ref={setDragRef} className={styles.largeDrag} {...listeners}>
          <ImageCanvas
            ref={canvas}
            label={label === '' ? 'Picture of the edited z' : `Picture of ${label}`}
            width={output.width}
            height={output.height}
            smooth={smooth}
          />
        </div>
      </div>
      <NormGauge norm={norm(z)} shell={shell} />
      <ButtonRow>
        <Button look="primary" icon={<KeepIcon />} onClick={keep}>
          Keep
        </Button>
        <Button icon={<WalkIcon />} onClick={walk}>
          Add to walk
        </Button>
        <span className={styles.notInLecture}>
          <IconButton label="Copy z" shortcut="C" onClick={copy}>
            <CopyIcon />
          </IconButton>
          {ready && (
            <Suspense>
              <SaveMenu model={model} z={z} smooth={smooth} />
            </Suspense>
          )}
        </span>
      </ButtonRow>
      <p className={styles.kept} role="status">
        {kept}
      </p>
    </section>
  );
}

/** Keeps, and says for a while what it was called. */
function useKeep(payload: () => LatentPayload) {
  const session = useSession();
  const [kept, setKept] = useState('');
  useEffect(() => {
    if (kept === '') return;
    const timer = setTimeout(() => setKept(''), 4000);
    return () => clearTimeout(timer);
  }, [kept]);
  const keep = () => {
    void keepOnShelf(session, payload()).then((item) => {
      if (!item) return;
      const count = session.shelf.store.getState().items.length;
      setKept(`Kept: ${item.label}. The shelf holds ${count}.`);
    });
  };
  return { kept, keep };
}

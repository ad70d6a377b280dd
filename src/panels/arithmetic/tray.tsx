import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Prior } from '../../model/spec';
import { Button } from '../../ui/button';
import { cx } from '../../ui/class-names';
import { ShuffleIcon } from '../../ui/icons';
import { useLatentDrag } from '../../ui/latent-drag';
import { SegmentedControl } from '../../ui/segmented';
import { Select } from '../../ui/select';
import { useStoreValue } from '../../ui/session-context';
import type { FaceRef } from './equation';
import { faceCodec } from './equation-link';
import { Face, Meters } from './face';
import type { Picture } from './gallery';
import type { Library } from './library';
import { describeReading, traitsOf, type TraitName } from './reading';
import { faceLabel, resolveFace } from './resolve';
import styles from './tray.module.css';
import { useShown, useWorkbench } from './workbench';

type Source = 'library' | 'samples';

/** Fresh faces at a time; enough that each tag has a few. */
const SAMPLES = 48;

/** Where the groups' faces come from: the model's own exemplars, or fresh samples that the judge has read. */
export function Tray() {
  const { bench, library, model } = useWorkbench();
  const status = useStoreValue(bench.store, (state) => state.libraryStatus);
  const [chosen, setSource] = useState<Source>('library');
  const [concept, setConcept] = useState('');
  const [seed, setSeed] = useState(1);
  const [tag, setTag] = useState('all');
  const source: Source = library.length > 0 ? chosen : 'samples';
  const shownConcept = library.some(({ id }) => id === concept) ? concept : (library[0]?.id ?? '');

  const faces = useMemo(
    () =>
      source === 'library'
        ? libraryFaces(library, shownConcept)
        : sampleFaces(seed, model.spec.latent.prior),
    [source, library, shownConcept, seed, model],
  );

  return (
    <section className={styles.tray} aria-label="Faces to choose from" data-testid="tray">
      <div className={styles.bar}>
        {library.length > 0 && (
          <SegmentedControl<Source>
            label="Source"
            value={source}
            options={[
              { value: 'library', label: 'Exemplars' },
              { value: 'samples', label: 'Samples' },
            ]}
            onChange={setSource}
          />
        )}
        {source === 'library' ? (
          <Select
            label="Concept"
            className={styles.select ?? ''}
            value={shownConcept}
            options={library.map(({ id, label, z }) => ({
              value: id,
              label: `${label} (${z.length})`,
            }))}
            onChange={setConcept}
          />
        ) : (
          <>
            {status === 'none' && <span className={styles.hint}>Fresh samples</span>}
            {model.judge && (
              <Select
                label="Show"
                className={styles.select ?? ''}
                value={tag}
                options={tagOptions(model.judge.outputs.map(({ name }) => name))}
                onChange={setTag}
              />
            )}
            <Button icon={<ShuffleIcon />} onClick={() => setSeed((before) => before + 1)}>
              New samples
            </Button>
          </>
        )}
        <Hint />
      </div>
      <Faces faces={faces} tag={source === 'samples' ? tag : 'all'} />
    </section>
  );
}

/** What the next click does. */
function Hint() {
  const { bench } = useWorkbench();
  const held = useStoreValue(bench.store, (state) => state.held);
  const target = useStoreValue(bench.store, (state) => state.target);
  const said = useStoreValue(bench.store, (state) => state.said);
  return (
    <p className={cx(styles.hint, (held || target) && styles.active)}>
      {held
        ? `${held.label}: now click a slot`
        : target
          ? 'Now click a picture'
          : 'Click a picture, then a slot'}
      <span className={styles.aloud} aria-live="polite">
        {said}
      </span>
    </p>
  );
}

interface TrayFace {
  face: FaceRef;
  z: Float32Array;
  label: string;
}

const NO_FACES: readonly Float32Array[] = [];

/** One tab stop; arrows move, Enter or Space picks. */
function Faces({ faces, tag }: { faces: readonly FaceRef[]; tag: string }) {
  const { context, library, bench } = useWorkbench();
  const all = useMemo<TrayFace[]>(
    () =>
      faces.flatMap((face) => {
        const resolved = resolveFace(face, context);
        return resolved.ok ? [{ face, z: resolved.z, label: faceLabel(face, library) }] : [];
      }),
    [faces, context, library],
  );
  const z = useMemo(() => (all.length > 0 ? all.map((one) => one.z) : NO_FACES), [all]);
  const shown = useShown('tray', z);
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const visible = all.flatMap((one, at) => {
    const picture = shown.pictures[at] ?? null;
    return hasTag(picture, tag) ? [{ ...one, picture }] : [];
  });
  const stop = Math.min(current, Math.max(0, visible.length - 1));

  const focus = (at: number) => {
    const next = Math.max(0, Math.min(visible.length - 1, at));
    setCurrent(next);
    list.current?.querySelectorAll<HTMLElement>('[role="option"]')[next]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowLeft: stop - 1,
      ArrowUp: stop - 1,
      ArrowRight: stop + 1,
      ArrowDown: stop + 1,
      Home: 0,
      End: visible.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) focus(to);
    else if (event.key === 'Escape') bench.letGo();
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={list}
      className={styles.faces}
      role="listbox"
      aria-label="Pictures"
      aria-orientation="horizontal"
      onKeyDown={onKeyDown}
    >
      {visible.map(({ face, z: latent, label, picture }, at) => (
        <TrayItem
          key={faceCodec.format(face)}
          {...{ face, label, picture }}
          z={latent}
          tabStop={at === stop}
          onFocus={() => setCurrent(at)}
        />
      ))}
      {visible.length === 0 && all.length > 0 && (
        <p className={styles.hint}>
          {shown.judged
            ? 'None of these pictures; draw new samples.'
            : 'The judge is looking at the samples …'}
        </p>
      )}
    </div>
  );
}

interface TrayItemProps extends TrayFace {
  picture: Picture | null;
  tabStop: boolean;
  onFocus: () => void;
}

function TrayItem({ face, z, label, picture, tabStop, onFocus }: TrayItemProps) {
  const { bench, payloadOf } = useWorkbench();
  const heldRef = useStoreValue(bench.store, (state) => state.held?.face);
  const isHeld = heldRef !== undefined && faceCodec.format(heldRef) === faceCodec.format(face);
  const [dragId] = useState(() => `tray-${nextDragId++}`);
  const { setNodeRef, listeners, isDragging } = useLatentDrag(dragId, () =>
    payloadOf(face, z, label),
  );
  const reading = picture?.reading;
  const words = reading ? `, ${describeReading(reading).text}` : '';
  const ref = useRef<HTMLDivElement | null>(null);
  useEffect(() => {
    if (isHeld) ref.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isHeld]);
  return (
    <div
      ref={(element) => {
        ref.current = element;
        setNodeRef(element);
      }}
      role="option"
      aria-selected={isHeld}
      aria-label={`${label}${words}`}
      tabIndex={tabStop ? 0 : -1}
      className={cx(styles.item, isDragging && styles.dragging)}
      title={label}
      onClick={() => bench.pick(face)}
      onFocus={onFocus}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        bench.pick(face);
      }}
      {...listeners}
    >
      <Face picture={picture} />
      <Meters reading={reading ?? null} size="bars" />
    </div>
  );
}

function libraryFaces(library: Library, concept: string): FaceRef[] {
  const count = library.find(({ id }) => id === concept)?.z.length ?? 0;
  return Array.from({ length: count }, (_, index) => ({ kind: 'library', concept, index }));
}

function sampleFaces(seed: number, prior: Prior): FaceRef[] {
  return Array.from({ length: SAMPLES }, (_, index) => ({ kind: 'sample', seed, index, prior }));
}

const TAGS: readonly { trait: TraitName; value: -1 | 0 | 1; label: string }[] = [
  { trait: 'woman', value: 1, label: 'Women' },
  { trait: 'woman', value: 0, label: 'Men' },
  { trait: 'smile', value: 1, label: 'Smiling' },
  { trait: 'smile', value: 0, label: 'Not smiling' },
  { trait: 'glasses', value: 1, label: 'With glasses' },
  { trait: 'glasses', value: 0, label: 'Without glasses' },
  { trait: 'beard', value: 1, label: 'With a beard' },
  { trait: 'window', value: 1, label: 'With a window' },
  { trait: 'window', value: 0, label: 'Without a window' },
  { trait: 'turn', value: -1, label: 'Looking left' },
  { trait: 'turn', value: 1, label: 'Looking right' },
];

const tagValue = ({ trait, value }: (typeof TAGS)[number]) => `${trait}:${value}`;

function tagOptions(known: readonly string[]): { value: string; label: string }[] {
  const has = (trait: TraitName) => known.includes(trait === 'turn' ? 'yawDegrees' : trait);
  return [
    { value: 'all', label: 'All samples' },
    ...TAGS.filter(({ trait }) => has(trait)).map((tag) => ({
      value: tagValue(tag),
      label: tag.label,
    })),
  ];
}

function hasTag(picture: Picture | null, tag: string): boolean {
  const wanted = TAGS.find((one) => tagValue(one) === tag);
  if (!wanted) return true;
  return picture?.reading != null && traitsOf(picture.reading)[wanted.trait] === wanted.value;
}

let nextDragId = 0;

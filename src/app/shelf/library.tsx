import { useEffect, useRef, useState } from 'react';
import { isAbort } from '../../lib/errors';
import type { PanelDefinition } from '../../panels/panel';
import { maskParam } from '../../session/mask-link';
import type { CurrentModel, Exemplar } from '../../session/session';
import { cx } from '../../ui/class-names';
import { paintCanvas } from '../../ui/image-canvas';
import { keepOnShelf, lookAt } from '../../ui/latent-actions';
import { useLatentDrag, type LatentPayload } from '../../ui/latent-drag';
import { ProgressBar } from '../../ui/progress-bar';
import { useCurrentModel, useSession, useStoreValue } from '../../ui/session-context';
import styles from './library.module.css';

/** Few enough that other work gets its turn in between. */
const BATCH = 8;

/** The model's own library of named latents; read only, usable like the shelf. */
export function Library({ panel }: { panel: PanelDefinition }) {
  const model = useCurrentModel();
  const exemplars = useExemplars(model);
  const { url } = useSession();
  const mask = useStoreValue(url.store, (state) => state.values[maskParam.name] ?? '');
  const [concept, setConcept] = useState<string | null>(null);
  if (!model || exemplars === null) {
    return <ProgressBar label="Loading the library" fraction={null} className={styles.wait} />;
  }
  if (exemplars.length === 0) {
    return (
      <p className={styles.none}>
        {model.title} comes without a library of named latents. Find your own in Explore and tag
        them on the shelf.
      </p>
    );
  }
  const concepts = [...new Map(exemplars.map((one) => [one.conceptId, one.label]))];
  const shown = exemplars.filter((one) => concept === null || one.conceptId === concept);
  return (
    <div className={styles.library}>
      <div className={styles.concepts} role="group" aria-label="Concepts">
        <Chip label="All" pressed={concept === null} onPress={() => setConcept(null)} />
        {concepts.map(([id, label]) => (
          <Chip key={id} label={label} pressed={concept === id} onPress={() => setConcept(id)} />
        ))}
      </div>
      <ExemplarRow key={`${model.handle}/${mask}`} model={model} exemplars={shown} panel={panel} />
    </div>
  );
}

function Chip(props: { label: string; pressed: boolean; onPress: () => void }) {
  return (
    <button
      type="button"
      className={cx(styles.chip, props.pressed && styles.chipOn)}
      aria-pressed={props.pressed}
      onClick={props.onPress}
    >
      {props.label}
    </button>
  );
}

function useExemplars(model: CurrentModel | null): readonly Exemplar[] | null {
  const { models, notices } = useSession();
  const [loaded, setLoaded] = useState<{ handle: number; list: readonly Exemplar[] } | null>(null);
  useEffect(() => {
    if (!model) return;
    let current = true;
    void models
      .exemplars()
      .catch((error: unknown) => {
        notices.postError(error);
        return [];
      })
      .then((list) => {
        if (current) setLoaded({ handle: model.handle, list });
      });
    return () => {
      current = false;
    };
  }, [models, notices, model]);
  return model && loaded?.handle === model.handle ? loaded.list : null;
}

interface ExemplarRowProps {
  model: CurrentModel;
  exemplars: readonly Exemplar[];
  panel: PanelDefinition;
}

function ExemplarRow({ model, exemplars, panel }: ExemplarRowProps) {
  const session = useSession();
  const canvases = useRef(new Map<string, HTMLCanvasElement>());

  useEffect(() => {
    const controller = new AbortController();
    const draw = async () => {
      const todo = exemplars.filter(({ id }) => !canvases.current.get(id)?.dataset.painted);
      for (let start = 0; start < todo.length; start += BATCH) {
        const batch = todo.slice(start, start + BATCH);
        const images = await session.generator.render(
          batch.map(({ z }) => z),
          { signal: controller.signal },
        );
        const stride = images.width * images.height * 4;
        batch.forEach(({ id }, i) => {
          const canvas = canvases.current.get(id);
          const pixels = images.data.subarray(i * stride, (i + 1) * stride);
          if (canvas) paintCanvas(canvas, pixels, images.width, images.height);
        });
      }
    };
    draw().catch((error: unknown) => {
      if (!isAbort(error)) session.notices.postError(error);
    });
    return () => controller.abort();
  }, [session, exemplars]);

  return (
    <ul className={styles.row} aria-label="Library">
      {exemplars.map((one) => (
        <li key={one.id}>
          <ExemplarButton
            exemplar={one}
            model={model}
            panel={panel}
            canvasRef={(canvas) => {
              if (canvas) canvases.current.set(one.id, canvas);
              else canvases.current.delete(one.id);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

interface ExemplarButtonProps {
  exemplar: Exemplar;
  model: CurrentModel;
  panel: PanelDefinition;
  canvasRef: (canvas: HTMLCanvasElement | null) => void;
}

function ExemplarButton({ exemplar, model, panel, canvasRef }: ExemplarButtonProps) {
  const session = useSession();
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const payload = (): LatentPayload => ({
    z: exemplar.z,
    label: exemplar.label,
    ref: { kind: 'exact', z: exemplar.z },
    thumbnail: canvas.current?.dataset.painted ? canvas.current.toDataURL('image/png') : '',
    modelHash: model.modelHash,
  });
  const { setNodeRef, listeners } = useLatentDrag(`library-${exemplar.id}`, payload);
  const number = Number(exemplar.id.split('/').at(-1)) + 1;
  return (
    <button
      ref={setNodeRef}
      type="button"
      className={styles.exemplar}
      aria-label={`${exemplar.label} ${number}`}
      onClick={() => {
        if (panel.take) panel.take.run(session, payload());
        else lookAt(session, payload().ref);
      }}
      onKeyDown={(event) => {
        if (event.key === 'k') void keepOnShelf(session, payload(), [exemplar.label]);
      }}
      {...listeners}
    >
      <canvas
        ref={(element) => {
          canvas.current = element;
          canvasRef(element);
        }}
        data-testid="exemplar"
      />
      <span>{exemplar.label}</span>
    </button>
  );
}

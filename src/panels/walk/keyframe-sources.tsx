import { useEffect, useState } from 'react';
import { moveAlong } from '../../core/latent';
import type { LatentRef } from '../../session/latent-ref';
import type { Exemplar } from '../../session/session';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { ChevronDownIcon } from '../../ui/icons';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import { useSession, useStoreValue } from '../../ui/session-context';
import { useDirections } from '../../ui/use-directions';
import styles from './controls.module.css';
import { freshSeed, sampleRefs } from './keyframes';
import type { Walk } from './use-walk';

/** Where keyframes come from: chance, the shelf, the model's library. Each replaces the list. */
export function KeyframeSources({ walk }: { walk: Walk }) {
  const { shelf } = useSession();
  const items = useStoreValue(shelf.store, (state) => state.items);
  const kept = items.filter(
    (item) => item.kind === 'latent' && item.modelHash === walk.model.modelHash,
  );
  return (
    <Field label="New keyframes from">
      <div className={styles.sources}>
        <Button
          aria-label="Random keyframes"
          onClick={() => walk.setKeys(sampleRefs(freshSeed(), Math.max(2, walk.keyframes.length)))}
        >
          Random
        </Button>
        <Button
          aria-label={`From the shelf (${kept.length})`}
          disabled={kept.length < 2}
          title={kept.length < 2 ? 'Keep at least two latents of this model first' : undefined}
          onClick={() =>
            walk.setKeys(
              kept.flatMap((item) =>
                item.kind === 'latent' ? [exact(Float32Array.from(item.data.z))] : [],
              ),
            )
          }
        >
          Shelf ({kept.length})
        </Button>
        <LibraryMenu walk={walk} />
        <DirectionMenu walk={walk} />
      </div>
    </Field>
  );
}

function exact(z: Float32Array): LatentRef {
  return { kind: 'exact', z };
}

/** The model's named latents: one of each concept, or all of one. Absent where it has none. */
function LibraryMenu({ walk }: { walk: Walk }) {
  const exemplars = useExemplars(walk);
  if (exemplars.length === 0) return null;
  const concepts = [...new Map(exemplars.map((one) => [one.conceptId, one.label]))];
  const walkThrough = (some: readonly Exemplar[]) => walk.setKeys(some.map(({ z }) => exact(z)));
  return (
    <Menu
      trigger={
        <Button aria-label="From the library">
          Library
          <ChevronDownIcon />
        </Button>
      }
    >
      <MenuItem
        onSelect={() =>
          walkThrough(
            concepts.flatMap(([id]) => exemplars.find((one) => one.conceptId === id) ?? []),
          )
        }
      >
        One of each
      </MenuItem>
      <MenuSeparator />
      {concepts.map(([id, label]) => (
        <MenuItem
          key={id}
          onSelect={() => walkThrough(exemplars.filter((one) => one.conceptId === id).slice(0, 8))}
        >
          {label}
        </MenuItem>
      ))}
    </Menu>
  );
}

/** How far to either side a walk along a direction goes: twice the way between its groups. */
const REACH = 2;

/** Through the first keyframe, from one side of a kept direction to the other. Absent without one. */
function DirectionMenu({ walk }: { walk: Walk }) {
  const directions = useDirections(walk.model);
  const z = walk.keyframes[0]?.z;
  if (directions.length === 0 || !z) return null;
  return (
    <Menu
      trigger={
        <Button aria-label="Along a direction">
          Direction
          <ChevronDownIcon />
        </Button>
      }
    >
      {directions.map(({ id, label, direction }) => (
        <MenuItem
          key={id}
          onSelect={() =>
            walk.setKeys([-REACH, 0, REACH].map((step) => exact(moveAlong(z, direction, step))))
          }
        >
          {label}
        </MenuItem>
      ))}
    </Menu>
  );
}

function useExemplars(walk: Walk): readonly Exemplar[] {
  const { models } = useSession();
  const [loaded, setLoaded] = useState<{ modelHash: string; list: Exemplar[] } | null>(null);
  const { modelHash } = walk.model;
  useEffect(() => {
    let current = true;
    models.exemplars().then(
      (list) => current && setLoaded({ modelHash, list }),
      // The library of the shelf tray says why it could not be read; here it is only absent.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [models, modelHash]);
  return loaded?.modelHash === modelHash ? loaded.list : [];
}

import { useState, type KeyboardEvent } from 'react';
import { IconButton } from '../../ui/button';
import { cx } from '../../ui/class-names';
import { MenuIcon } from '../../ui/icons';
import { copyLatent, keepOnShelf, lookAt } from '../../ui/latent-actions';
import { useSortableLatent, type LatentPayload } from '../../ui/latent-drag';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import { useSession } from '../../ui/session-context';
import styles from './keyframe-row.module.css';
import { freshSeed, type Keyframe } from './keyframes';
import type { Walk } from './use-walk';
import type { WalkPlayer } from './use-walk-player';
import { mainTrack, UNNAMED } from './walk';

interface KeyframeCardProps {
  keyframe: Keyframe;
  /** In the list, from 0. */
  place: number;
  walk: Walk;
  walkPlayer: WalkPlayer;
  /** The playhead is at it, or between it and its neighbour. */
  current: boolean;
  listId: string;
  onMove: (from: number, to: number) => void;
  onDrop: (payload: LatentPayload, at?: number) => void;
  canvasRef: (canvas: HTMLCanvasElement | null) => void;
}

/** One keyframe: its picture goes to it, is picked up, and has the keys; a menu has all of it in words. */
export function KeyframeCard(props: KeyframeCardProps) {
  const { keyframe, place, walk, walkPlayer, current, listId, onMove, onDrop, canvasRef } = props;
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const payload = (): LatentPayload => ({
    z: keyframe.z,
    label: keyframe.label === UNNAMED ? '' : keyframe.label,
    ref: keyframe.ref,
    thumbnail: canvas?.dataset.painted === 'true' ? canvas.toDataURL() : '',
    modelHash: walk.model.modelHash,
  });
  const { setNodeRef, setActivatorNodeRef, ...sortable } = useSortableLatent({
    id: keyframe.id,
    listId,
    index: place,
    targetLabel: 'the walk',
    getPayload: payload,
    onMove,
    onDrop,
  });
  const last = walk.keyframes.length - 1;
  const remove = () => {
    if (last === 0) return;
    walk.setKeys(walk.keyframes.filter((_, i) => i !== place).map(({ ref }) => ref));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const to = place + step;
    if (event.altKey && step !== 0) {
      if (to >= 0 && to <= last) onMove(place, to);
    } else if (event.key === 'Delete' || event.key === 'Backspace') remove();
    else {
      sortable.listeners?.onKeyDown?.(event);
      return;
    }
    event.preventDefault();
  };

  return (
    <li
      ref={setNodeRef}
      style={sortable.style}
      className={cx(styles.card, sortable.isDragging && styles.dragging)}
      data-testid="keyframe"
    >
      <button
        {...sortable.attributes}
        {...sortable.listeners}
        ref={setActivatorNodeRef}
        type="button"
        className={cx(styles.picture, current && styles.current)}
        aria-label={`Keyframe ${place + 1}: ${keyframe.label}`}
        onClick={() => walkPlayer.jump(place * walk.settings.framesPerSegment)}
        onKeyDown={onKeyDown}
      >
        <canvas
          ref={(element) => {
            setCanvas(element);
            canvasRef(element);
          }}
          data-testid="face"
        />
        <span className={styles.number}>{place + 1}</span>
      </button>
      <KeyframeMenu
        {...{ keyframe, place, last, walk, walkPlayer, onMove }}
        getPayload={payload}
        onRemove={remove}
      />
    </li>
  );
}

interface KeyframeMenuProps {
  keyframe: Keyframe;
  place: number;
  last: number;
  walk: Walk;
  walkPlayer: WalkPlayer;
  onMove: (from: number, to: number) => void;
  getPayload: () => LatentPayload;
  onRemove: () => void;
}

function KeyframeMenu(props: KeyframeMenuProps) {
  const { keyframe, place, last, walk, walkPlayer, onMove, getPayload, onRemove } = props;
  const session = useSession();
  const replace = (ref: Keyframe['ref']) =>
    walk.setKeys(walk.keyframes.map((key, i) => (i === place ? ref : key.ref)));
  const currentLatent = () =>
    walk.scene?.tracks[mainTrack(walk.settings)]?.latent(walkPlayer.player.index());
  return (
    <Menu
      side="top"
      trigger={
        <IconButton label={`Menu of keyframe ${place + 1}`} className={styles.menu}>
          <MenuIcon />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => replace({ kind: 'sample', seed: freshSeed(), index: 0 })}>
        Replace with a random one
      </MenuItem>
      <MenuItem
        onSelect={() => {
          const z = currentLatent();
          if (z) replace({ kind: 'exact', z });
        }}
      >
        Replace with the frame shown
      </MenuItem>
      <MenuSeparator />
      <MenuItem shortcut="Alt ←" disabled={place === 0} onSelect={() => onMove(place, place - 1)}>
        Move left
      </MenuItem>
      <MenuItem
        shortcut="Alt →"
        disabled={place === last}
        onSelect={() => onMove(place, place + 1)}
      >
        Move right
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => void keepOnShelf(session, getPayload())}>
        Keep on the shelf
      </MenuItem>
      <MenuItem onSelect={() => lookAt(session, keyframe.ref)}>Look at it in Explore</MenuItem>
      <MenuItem onSelect={() => void copyLatent(session, keyframe.z)}>Copy z</MenuItem>
      <MenuItem shortcut="Del" disabled={last === 0} onSelect={onRemove}>
        Remove
      </MenuItem>
    </Menu>
  );
}

/**
 * Latents on the move: one drag-and-drop scope for the whole page, by mouse, touch and keyboard. A source
 * gives a payload when it is picked up; a target says what it does with one. Sortable lists are both.
 */
import {
  closestCenter,
  DndContext,
  DragOverlay,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  rectIntersection,
  TouchSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
  type Active,
  type Announcements,
  type CollisionDetection,
  type DragEndEvent,
  type DragStartEvent,
  type Over,
} from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { useState, type ReactNode } from 'react';
import type { LatentRef } from '../session/latent-ref';
import type { MaskItem } from '../session/shelf';
import styles from './latent-drag.module.css';

export interface LatentPayload {
  z: Float32Array;
  label: string;
  /** How a link writes it: a sample of a seed where it is one, else the exact numbers. */
  ref: LatentRef;
  /** PNG data URL; empty where there is no picture yet. */
  thumbnail: string;
  modelHash: string;
  /** Set when it comes from the shelf. */
  shelfId?: string;
}

interface SourceData {
  getPayload: () => LatentPayload | null;
  /** A kept mask, which panels take where it is dropped on them. */
  getMask?: () => MaskItem | null;
  list?: { id: string; index: number };
  /** Put in order within its own list. */
  onMove?: (from: number, to: number) => void;
}

interface TargetData {
  /** Said while something hovers over it: 'walk', 'shelf'. */
  targetLabel: string;
  onDrop: (payload: LatentPayload, index?: number) => void;
  list?: { id: string; index: number };
  /** The surface around a sortable list. */
  listId?: string;
  /** A place for masks; latents fall through it. */
  onMask?: (mask: MaskItem) => void;
}

/** The page's scope; once, in the shell. */
export function LatentDragProvider(props: { children: ReactNode }) {
  const [held, setHeld] = useState<Held | null>(null);
  const sensors = useSensors(
    // Some way before a drag starts, so that a click stays a click; a delay on touch, so that it scrolls.
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, {
      coordinateGetter: sortableKeyboardCoordinates,
      keyboardCodes: { start: ['Space'], cancel: ['Escape'], end: ['Space', 'Enter'] },
    }),
  );

  const onDragStart = ({ active }: DragStartEvent) => setHeld(heldOf(active));
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    setHeld(null);
    if (over) drop(active, over);
  };

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={collide}
      accessibility={{ announcements, screenReaderInstructions }}
      onDragStart={onDragStart}
      onDragEnd={onDragEnd}
      onDragCancel={() => setHeld(null)}
    >
      {props.children}
      <DragOverlay dropAnimation={null} className={styles.overlay ?? ''}>
        {held && (
          <div className={styles.held}>
            {held.thumbnail && <img src={held.thumbnail} alt="" />}
            <span>{held.label}</span>
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}

/**
 * Makes an element something that can be picked up by mouse or touch. Spread `listeners` on it. (By
 * keyboard, offer the same as a key or menu entry: in a grid, arrows and Space have other work.)
 */
export function useLatentDrag(
  id: string,
  getPayload: () => LatentPayload | null,
  disabled = false,
) {
  const data: SourceData = { getPayload };
  const { setNodeRef, listeners, isDragging } = useDraggable({ id, data, disabled });
  return {
    setNodeRef,
    isDragging,
    listeners: listeners && {
      onMouseDown: listeners.onMouseDown as React.MouseEventHandler,
      onTouchStart: listeners.onTouchStart as React.TouchEventHandler,
    },
  };
}

/** Makes an element a place to drop latents on; `isOver` while one hovers over it. */
export function useLatentDrop(
  id: string,
  targetLabel: string,
  onDrop: (payload: LatentPayload) => void,
  options: { listId?: string; disabled?: boolean } = {},
) {
  const data: TargetData = {
    targetLabel,
    onDrop,
    ...(options.listId !== undefined && { listId: options.listId }),
  };
  const { setNodeRef, isOver, active } = useDroppable({
    id,
    data,
    disabled: options.disabled ?? false,
  });
  return { setNodeRef, isOver, isDragging: active !== null && maskOf(active) === null };
}

/** Makes an element a place to drop kept masks on; latents that are dropped there are not its business. */
export function useMaskDrop(id: string, targetLabel: string, onMask: (mask: MaskItem) => void) {
  const data: TargetData = { targetLabel, onDrop: () => undefined, onMask };
  const { setNodeRef, isOver, active } = useDroppable({ id, data });
  return { setNodeRef, isOver, isDragging: active !== null && maskOf(active) !== null };
}

/** Around the items of a list that can be put in order; `ids` in the order shown. */
export function SortableLatents(props: { ids: string[]; children: ReactNode }) {
  return <SortableContext items={props.ids}>{props.children}</SortableContext>;
}

interface SortableLatentOptions {
  id: string;
  listId: string;
  index: number;
  targetLabel: string;
  getPayload: () => LatentPayload | null;
  getMask?: () => MaskItem | null;
  /** Put in order within the list. */
  onMove: (from: number, to: number) => void;
  /** Something from elsewhere was dropped at `index`. */
  onDrop: (payload: LatentPayload, index?: number) => void;
  disabled?: boolean;
}

/**
 * One item of a sortable list. Spread `attributes` and `listeners` on the element that is picked up
 * (mouse, touch, or Space, arrows, Space), `style` and `setNodeRef` on the item.
 */
export function useSortableLatent(options: SortableLatentOptions) {
  const { id, listId, index, targetLabel, getPayload, getMask, onMove, onDrop, disabled } = options;
  const data: SourceData & TargetData = {
    getPayload,
    ...(getMask && { getMask }),
    targetLabel,
    onDrop,
    onMove,
    list: { id: listId, index },
  };
  const sortable = useSortable({ id, data, disabled: disabled ?? false });
  return {
    setNodeRef: sortable.setNodeRef,
    setActivatorNodeRef: sortable.setActivatorNodeRef,
    attributes: sortable.attributes,
    listeners: sortable.listeners,
    isDragging: sortable.isDragging,
    isOver: sortable.isOver,
    style: {
      transform: CSS.Translate.toString(sortable.transform),
      transition: sortable.transition,
    },
  };
}

function payloadOf(active: Active): LatentPayload | null {
  return (active.data.current as SourceData | undefined)?.getPayload() ?? null;
}

function maskOf(active: Active): MaskItem | null {
  return (active.data.current as SourceData | undefined)?.getMask?.() ?? null;
}

/** What is shown under the pointer while it is on the move. */
type Held = Pick<LatentPayload, 'label' | 'thumbnail'>;

function heldOf(active: Active): Held | null {
  const mask = maskOf(active);
  return mask ? { label: mask.label, thumbnail: '' } : payloadOf(active);
}

function drop(active: Active, over: Over): void {
  const source = active.data.current as SourceData | undefined;
  const target = over.data.current as TargetData | undefined;
  if (!source || !target || active.id === over.id) return;
  const sameList = source.list && source.list.id === (target.list?.id ?? target.listId);
  if (source.list && sameList) {
    // Dropped on the surface around its own list: it stays where it was.
    if (target.list) source.onMove?.(source.list.index, target.list.index);
    return;
  }
  const mask = source.getMask?.();
  if (mask) {
    target.onMask?.(mask);
    return;
  }
  const payload = source.getPayload();
  if (payload) target.onDrop(payload, target.list?.index);
}

/**
 * What is under the pointer; between the items of a list, the nearest of them. By keyboard there is no
 * pointer: what the moved rectangle lies on.
 */
const collide: CollisionDetection = (all) => {
  const args = { ...all, droppableContainers: targetsFor(all) };
  if (!args.pointerCoordinates) {
    const hits = rectIntersection(args);
    return hits.length > 0 ? hits : closestCenter(args);
  }
  const hits = pointerWithin(args);
  const data = (id: unknown) =>
    args.droppableContainers.find((container) => container.id === id)?.data.current as
      TargetData | undefined;
  const items = hits.filter((hit) => data(hit.id)?.list);
  if (items.length > 0) return items;
  const surface = hits.find((hit) => data(hit.id)?.listId !== undefined);
  const source = args.active.data.current as SourceData | undefined;
  const listId = surface && data(surface.id)?.listId;
  if (surface && source?.list?.id === listId) {
    const members = args.droppableContainers.filter(
      (container) => (container.data.current as TargetData | undefined)?.list?.id === listId,
    );
    return closestCenter({ ...args, droppableContainers: members });
  }
  return hits;
};

/** A mask goes to panels and along its own list; a latent goes everywhere but to places for masks. */
function targetsFor({ active, droppableContainers }: Parameters<CollisionDetection>[0]) {
  const source = active.data.current as SourceData | undefined;
  const isMask = maskOf(active) !== null;
  return droppableContainers.filter(({ data }) => {
    const target = data.current as TargetData | undefined;
    if (!isMask) return target?.onMask === undefined;
    const list = target?.list?.id ?? target?.listId;
    return target?.onMask !== undefined || (list !== undefined && list === source?.list?.id);
  });
}

function labelOf(active: Active): string {
  return heldOf(active)?.label ?? 'this latent';
}

function placeOf(over: Over): string {
  const target = over.data.current as TargetData | undefined;
  if (!target) return 'nothing';
  return target.list
    ? `place ${target.list.index + 1} of ${target.targetLabel}`
    : target.targetLabel;
}

const announcements: Announcements = {
  onDragStart: ({ active }) => `Picked up ${labelOf(active)}.`,
  onDragOver: ({ active, over }) =>
    over ? `${labelOf(active)} is over ${placeOf(over)}.` : `${labelOf(active)} is over nothing.`,
  onDragEnd: ({ active, over }) =>
    over ? `${labelOf(active)} was dropped on ${placeOf(over)}.` : 'Dropped. Nothing changed.',
  onDragCancel: ({ active }) => `Cancelled. ${labelOf(active)} stays where it was.`,
};

const screenReaderInstructions = {
  draggable:
    'To move it, press Space, then the arrow keys, and Space again to drop it. Escape cancels.',
};

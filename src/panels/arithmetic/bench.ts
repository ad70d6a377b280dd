/**
 * The panel's state beside the link: the model's library, the history, the face in hand and the slot that
 * waits for one. It belongs to the session and not to the view, so that a look into another panel loses
 * nothing, and the shelf's `take` reaches it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LatentRef } from '../../session/latent-ref';
import { priorParam, truncationParam } from '../../session/params';
import type { CurrentModel, Session } from '../../session/session';
import type { Param } from '../../session/url';
import type { LatentPayload } from '../../ui/latent-drag';
import {
  faceAt,
  nextEmptySlot,
  placeFace,
  swapFaces,
  type Equation,
  type FaceRef,
  type SlotPlace,
} from './equation';
import { faceCodec } from './equation-link';
import { change, createHistory, type Change, type History } from './history';
import { libraryOf, startEquation, startTurn, type Library } from './library';
import { arithmeticParams, equationParam, madeWithParam, turnGroupsParam } from './params';
import { faceLabel } from './resolve';

/** Which groups: those of the equation, or those of the Turn side. */
export type Board = 'equation' | 'turn';

export interface SlotId extends SlotPlace {
  board: Board;
}

/** What the panel's own faces carry when they are dragged. */
export interface FacePayload extends LatentPayload {
  face: FaceRef;
  /** The slot that it is dragged out of. */
  from?: SlotId;
}

export interface BenchState {
  library: Library;
  libraryStatus: 'loading' | 'ready' | 'none' | 'failed';
  /** Picked by a click, to be placed by the next one. */
  held: { face: FaceRef; label: string } | null;
  /** Chosen by a click, to be filled by the next one. */
  target: SlotId | null;
  /** For screen readers: what the last act did. */
  said: string;
}

export interface Bench {
  store: StoreApi<BenchState>;
  history: History;
  /** What stands in the link, or what the panel opens with. */
  equation(board: Board): Equation;
  edit(board: Board, label: string, edit: (equation: Equation) => Equation, gesture?: string): void;
  /** Any of the panel's parameters, as one step of the history. */
  commit(label: string, changes: readonly Change[], gesture?: string): void;
  /** A face was clicked: it goes into the waiting slot, or into the hand. */
  pick(face: FaceRef): void;
  /** A slot was clicked: it takes the face in hand, or waits for one. */
  choose(slot: SlotId): void;
  remove(slot: SlotId): void;
  /** Something was dropped on a slot. Faces of another model are refused in words. */
  drop(slot: SlotId, payload: LatentPayload): void;
  /** A latent of the shelf was clicked. */
  take(payload: LatentPayload): void;
  letGo(): void;
  /** What the panel opens with on this model. */
  startAgain(board: Board): void;
}

const BOARD_PARAMS: Readonly<Record<Board, Param<Equation>>> = {
  equation: equationParam,
  turn: turnGroupsParam,
};

const benches = new WeakMap<Session, Bench>();

/** One a session. */
export function benchOf(session: Session): Bench {
  const known = benches.get(session);
  if (known) return known;
  const bench = createBench(session);
  benches.set(session, bench);
  return bench;
}

/** First digits of a generator's sha256: enough to tell models apart in a link. */
export function modelTag(model: CurrentModel): string {
  return model.modelHash.slice(0, 8);
}

function createBench(session: Session): Bench {
  const { url, models, notices } = session;
  const store = createStore<BenchState>(() => ({
    library: [],
    libraryStatus: 'loading',
    held: null,
    target: null,
    said: '',
  }));
  const history = createHistory(url, arithmeticParams);
  const model = (): CurrentModel | null => models.store.getState().current;
  followLibrary(session, store);

  function equation(board: Board): Equation {
    const written = url.get(BOARD_PARAMS[board]);
    if (written.length > 0) return written;
    const prior = model()?.spec.latent.prior ?? 'normal';
    const start = board === 'equation' ? startEquation : startTurn;
    return start(store.getState().library, prior);
  }

  function edit(
    board: Board,
    label: string,
    change1: (equation: Equation) => Equation,
    gesture?: string,
  ): void {
    const before = equation(board);
    const after = change1(before);
    if (after === before) return;
    const current = model();
    const changes = [change(BOARD_PARAMS[board], after)];
    if (current) changes.push(change(madeWithParam, modelTag(current)));
    history.commit(label, changes, gesture);
  }

  function place(slot: SlotId, face: FaceRef): void {
    const label = faceLabel(face, store.getState().library);
    edit(slot.board, `place ${label}`, (before) => placeFace(before, slot, face));
    const name = equation(slot.board)[slot.term]?.name ?? '';
    store.setState({ said: `${label} is in place ${slot.slot + 1} of ${name}.` });
  }

  /** The slot that waits next, so that a group is filled click by click. */
  function advance(slot: SlotId): SlotId | null {
    const next = nextEmptySlot(equation(slot.board), slot);
    return next && { ...next, board: slot.board };
  }

  function pick(face: FaceRef): void {
    const { target, held, library } = store.getState();
    if (target) {
      place(target, face);
      store.setState({ target: advance(target) });
      return;
    }
    const again = held !== null && faceCodec.format(held.face) === faceCodec.format(face);
    const label = faceLabel(face, library);
    store.setState({
      held: again ? null : { face, label },
      said: again ? `Put back ${label}.` : `Holding ${label}. Choose a slot for it.`,
    });
  }

  /** False, and said why, for a latent of another model. */
  function belongsHere(payload: LatentPayload): boolean {
    const current = model();
    if (!current || payload.modelHash === current.modelHash) return true;
    const fits = payload.z.length === current.spec.latent.size;
    notices.post({
      level: 'warning',
      message: `“${payload.label}” was made with another model, so it was not taken.`,
      hint: fits
        ? `Its numbers would draw some other face on ${current.title}. Open its model to use it; your groups stay as they are.`
        : `It has ${payload.z.length} numbers and ${current.title} takes ${current.spec.latent.size}. Open its model to use it; your groups stay as they are.`,
    });
    return false;
  }

  /** A sample's link must not change when the Explore panel's prior does. */
  function faceOf(payload: LatentPayload): FaceRef {
    if ('face' in payload) return (payload as FacePayload).face;
    if (payload.ref.kind === 'exact') return payload.ref;
    return pinSample(session, payload.ref);
  }

  return {
    store,
    history,
    equation,
    edit,
    commit: (label, changes, gesture) => history.commit(label, changes, gesture),
    pick,
    choose(slot) {
      const { held, target } = store.getState();
      if (held) {
        place(slot, held.face);
        store.setState({ held: null, target: null });
        return;
      }
      const again =
        target?.board === slot.board && target.term === slot.term && target.slot === slot.slot;
      store.setState({
        target: again ? null : slot,
        said: again ? '' : 'Choose a face for this slot below.',
      });
    },
    remove(slot) {
      if (faceAt(equation(slot.board), slot) === null) return;
      edit(slot.board, 'take a face out', (before) => placeFace(before, slot, null));
      store.setState({ said: 'Taken out.' });
    },
    drop(slot, payload) {
      if (!belongsHere(payload)) return;
      const from = 'from' in payload ? (payload as FacePayload).from : undefined;
      if (from?.board === slot.board) {
        edit(slot.board, 'move a face', (before) => swapFaces(before, from, slot));
      } else {
        place(slot, faceOf(payload));
      }
      store.setState({ held: null, target: null });
    },
    take(payload) {
      if (belongsHere(payload)) pick(faceOf(payload));
    },
    letGo() {
      const { held, target } = store.getState();
      if (held || target) store.setState({ held: null, target: null, said: 'Put back.' });
    },
    startAgain(board) {
      history.commit('start again', [change(BOARD_PARAMS[board], []), change(madeWithParam, '')]);
    },
  };
}

/** Prior and truncation written out, as they are now. */
export function pinSample(
  session: Session,
  ref: Extract<LatentRef, { kind: 'sample' }>,
): Extract<LatentRef, { kind: 'sample' }> {
  const { url, models } = session;
  const own = models.store.getState().current?.spec.latent.prior ?? 'normal';
  const chosen = url.get(priorParam);
  return {
    ...ref,
    prior: ref.prior ?? (chosen === 'model' ? own : chosen),
    truncation: ref.truncation ?? url.get(truncationParam),
  };
}

/** Loads the library of whatever model is open. */
function followLibrary({ models, notices }: Session, store: StoreApi<BenchState>): void {
  let loaded: string | null = null;
  async function load(): Promise<void> {
    const { current } = models.store.getState();
    if (!current || current.modelHash === loaded) return;
    loaded = current.modelHash;
    store.setState({ library: [], libraryStatus: 'loading', held: null, target: null });
    const isStill = () => models.store.getState().current?.modelHash === current.modelHash;
    try {
      const library = libraryOf(await models.exemplars());
      if (!isStill()) return;
      store.setState({ library, libraryStatus: library.length > 0 ? 'ready' : 'none' });
    } catch (error) {
      if (!isStill()) return;
      store.setState({ libraryStatus: 'failed' });
      notices.postError(error, {
        label: 'Try again',
        run: () => {
          loaded = null;
          void load();
        },
      });
    }
  }
  models.store.subscribe(() => void load());
  void load();
}

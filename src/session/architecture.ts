/**
 * How the open model was read from a foreign file, and other ways to read it; and measured statistics
 * for batch norm. What it makes is an ordinary model file, opened like any other.
 */
import type { NetworkSource } from '../model/source';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Assumption } from '../model/infer-assumptions';
import type { ForeignInput, FoundNetwork, OpenForeignAnswer } from './foreign';

/** A reading of foreign weights. */
export interface Reading {
  /** What the file was called. */
  title: string;
  networks: FoundNetwork[];
  index: number;
  overrides: Record<string, string>;
  assumptions: Assumption[];
  notes: string[];
  refused: string[];
  /** Ids of the models that readings of these arrays became: the panel offers changes while one is open. */
  modelIds: string[];
}

interface ArchitectureState {
  /** Null until a foreign file was opened. */
  reading: Reading | null;
}

export interface Architecture {
  store: StoreApi<ArchitectureState>;
  /** Reads the arrays another way: the state's reading changes, the open model does not. */
  read(index: number, overrides: Record<string, string>): Promise<NetworkSource>;
  /** The current reading as a model file, for `models.open` or to save. */
  file(): File | null;
  /** The current reading was opened as the model of this id. */
  adopted(modelId: string): void;
  /** For the session: a foreign file was opened as the model of this id. */
  opened(title: string, answer: OpenForeignAnswer, modelId: string): void;
}

/** One for the session. */
export function createArchitecture(foreign: ForeignInput): Architecture {
  const store = createStore<ArchitectureState>(() => ({ reading: null }));
  let bytes: ArrayBuffer | null = null;
  let latest = 0;
  return {
    store,
    async read(index, overrides) {
      latest += 1;
      const ticket = latest;
      const answer = await foreign.infer({ index, overrides });
      const { reading } = store.getState();
      if (ticket === latest && reading) {
        bytes = answer.bytes;
        const { assumptions, notes } = answer;
        const next = { ...reading, index, overrides, assumptions, notes };
        store.setState({ reading: next });
      }
      return answer.network;
    },
    file() {
      const { reading } = store.getState();
      if (!reading || !bytes) return null;
      return new File([bytes], `${reading.title}.safetensors`);
    },
    adopted(modelId) {
      const { reading } = store.getState();
      if (!reading) return;
      store.setState({ reading: { ...reading, modelIds: [...reading.modelIds, modelId] } });
    },
    opened(title, answer, modelId) {
      latest += 1;
      bytes = answer.bytes;
      const { networks, index, assumptions, notes, refused } = answer;
      const overrides = {};
      const known = { title, networks, index, overrides, assumptions, notes, refused };
      store.setState({ reading: { ...known, modelIds: [modelId] } });
    },
  };
}

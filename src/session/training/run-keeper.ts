/** Keeps checkpoints in the database and tells how it went; one at a time, and only the newest that waits. */
import type { StoreApi } from 'zustand/vanilla';
import { formatBytes } from '../download';
import { stateBytes, type Checkpoint } from './checkpoint';
import { runsOverBudget, saveTroubleOf } from './errors';
import type { Run } from './run';
import type { RunRecords } from './run-records';
import type { TrainingRunState } from './training';

/** Of what the browser grants this page; models of the visitor's own may take the other half. */
const SHARE_OF_QUOTA = 0.5;
/** Of that, for the snapshots of one run. */
const SHARE_OF_SNAPSHOTS = 0.1;
/** Where the browser does not say how much it grants (plain http). */
const FALLBACK_BUDGET_BYTES = 256 * 2 ** 20;
const MAX_SNAPSHOT_BYTES = 256 * 2 ** 20;

export interface RunKeeper {
  /** Never rejects: what went wrong stands in the store, with what to do. */
  keep(run: Run, checkpoint: Checkpoint, picturesHash: Promise<string>): Promise<void>;
  /** Bytes that the snapshots of a run may take. */
  snapshotBudget(): Promise<number>;
}

export function createRunKeeper(records: RunRecords, store: StoreApi<TrainingRunState>): RunKeeper {
  async function checkBudget(run: string, needed: number): Promise<void> {
    const others = ((await records.heads()) ?? []).filter(({ info }) => info.id !== run);
    const total = others.reduce((sum, { bytes }) => sum + bytes, needed);
    const budget = await runBudget();
    if (total > budget) throw runsOverBudget(formatBytes(total), formatBytes(budget));
  }

  async function write(run: Run, checkpoint: Checkpoint, hash: Promise<string>): Promise<void> {
    const info = run.info();
    const isShown = () => store.getState().run?.id === info.id;
    try {
      // Only what cannot be had again is kept with the run.
      const pictures = info.data.source.kind === 'own' ? run.pictures.blob : null;
      await checkBudget(info.id, 2 * stateBytes(checkpoint.state) + (pictures?.size ?? 0));
      const { snapshots } = run;
      const picturesHash = await hash;
      await records.write({ info, checkpoint, snapshots, pictures, picturesHash });
      const saved = { step: checkpoint.log.step, at: checkpoint.at };
      if (isShown()) store.setState({ saved, saveTrouble: null });
    } catch (error) {
      const savedStep = store.getState().saved?.step ?? null;
      if (isShown()) store.setState({ saveTrouble: saveTroubleOf(error, savedStep) });
    }
  }

  let waiting: (() => Promise<void>) | null = null;
  let working: Promise<void> | null = null;
  async function work(): Promise<void> {
    while (waiting) {
      const next = waiting;
      waiting = null;
      await next();
    }
    working = null;
  }

  return {
    async keep(run, checkpoint, picturesHash) {
      waiting = () => write(run, checkpoint, picturesHash);
      working ??= work();
      await working;
    },
    async snapshotBudget() {
      return Math.min(MAX_SNAPSHOT_BYTES, SHARE_OF_SNAPSHOTS * (await runBudget()));
    },
  };
}

async function runBudget(): Promise<number> {
  // `storage` is missing outside secure contexts, which the types do not know.
  const storage =
    typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).storage;
  const estimate = await storage?.estimate().catch(() => undefined);
  return estimate?.quota === undefined ? FALLBACK_BUDGET_BYTES : estimate.quota * SHARE_OF_QUOTA;
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BackendName, DeviceReport, Engine, EngineEvent } from '../engine/api';
import { toErrorReport } from '../lib/errors';
import type { DeviceState, Notices } from './session';

export interface Device {
  store: StoreApi<DeviceState>;
  /** Resolves when the backend is chosen and warm; rejects with what the engine said when there is none. */
  ready: Promise<DeviceReport>;
  /** Starts the engine again where it has failed; networks have to be loaded again then. False where it lives. */
  revive(): Promise<boolean>;
  dispose(): void;
}

/** Starts the engine and keeps the device's state in step with what the engine reports. */
export function createDevice(
  engine: Engine,
  notices: Notices,
  force: BackendName | undefined,
): Device {
  const store = createStore<DeviceState>(() => ({
    status: 'starting',
    report: null,
    progress: null,
    error: null,
  }));
  const stopEvents = engine.onEvent((event) => {
    applyEvent(store, notices, event);
  });
  const ready = start(engine, store, notices, force);
  // Every open awaits `ready` and reports its failure; without a listener of its own it would also
  // count as unhandled.
  ready.catch(() => undefined);
  return {
    store,
    ready,
    async revive() {
      if (store.getState().status !== 'failed') return false;
      store.setState({ status: 'starting', error: null });
      await start(engine, store, notices, force);
      return true;
    },
    dispose: stopEvents,
  };
}

async function start(
  engine: Engine,
  store: StoreApi<DeviceState>,
  notices: Notices,
  force: BackendName | undefined,
): Promise<DeviceReport> {
  try {
    const report = await engine.start({
      force,
      onProgress: (progress) => {
        if (store.getState().status === 'starting') store.setState({ progress });
      },
    });
    store.setState({ status: 'ready', report, progress: null, error: null });
    return report;
  } catch (error) {
    store.setState({ status: 'failed', progress: null, error: toErrorReport(error) });
    notices.postError(error);
    throw error;
  }
}

function applyEvent(store: StoreApi<DeviceState>, notices: Notices, event: EngineEvent): void {
  switch (event.type) {
    case 'lost':
      store.setState({ status: 'lost' });
      notices.post({
        level: 'warning',
        message: `The graphics device was lost: ${event.reason}`,
        hint: 'Nothing of your work is gone. The models are put on the device again by themselves.',
      });
      return;
    case 'rebuilding':
      store.setState({ status: 'rebuilding' });
      return;
    case 'rebuilt':
      store.setState({ status: 'ready', report: event.device, progress: null, error: null });
      notices.post({
        level: 'success',
        message: `The device is back: ${event.device.backend} on ${event.device.adapter}.`,
      });
      return;
    case 'failed': {
      const { code, message, hint } = event;
      store.setState({ status: 'failed', progress: null, error: { code, message, hint } });
      notices.post({ level: 'error', message, hint });
    }
  }
}

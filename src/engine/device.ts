import { AppError, toErrorReport } from '../lib/errors';
import type { BackendName, DeviceReport, EngineEvent } from './api';
import type { Backend } from './backends/backend';
import { chooseBackend } from './probe';

/** The backend that the engine runs on, over the loss and return of its device. */
export interface DeviceKeeper {
  start(force?: BackendName): Promise<DeviceReport>;
  /** The open backend, after a rebuild that is under way. Throws AppError `engine-not-started` or `device-lost`. */
  current(): Promise<Backend>;
  dispose(): void;
}

export interface DeviceKeeperOptions {
  emit: (event: EngineEvent) => void;
  /** Drops what lies on the lost device. Must not touch the new one. */
  onDrop: () => void;
  /** Puts everything on the new device. */
  onRebuild: (backend: Backend) => void;
}

export function createDeviceKeeper(options: DeviceKeeperOptions): DeviceKeeper {
  let force: BackendName | undefined;
  let backend: Backend | null = null;
  let rebuilding: Promise<void> | null = null;
  let failure: AppError | null = null;

  const adopt = (opened: Backend): void => {
    backend = opened;
    opened.lost.addEventListener('abort', () => {
      // A backend that was closed on purpose is lost too, but nobody's concern.
      if (backend === opened) rebuilding = rebuild(opened, String(opened.lost.reason));
    });
  };

  const rebuild = async (old: Backend, reason: string): Promise<void> => {
    backend = null;
    options.emit({ type: 'lost', reason });
    try {
      options.onDrop();
      old.close();
      options.emit({ type: 'rebuilding' });
      const { backend: opened, report } = await chooseBackend(force);
      adopt(opened);
      options.onRebuild(opened);
      options.emit({ type: 'rebuilt', device: report });
    } catch (error) {
      failure = new AppError(toErrorReport(error), { cause: error });
      options.emit({ type: 'failed', ...toErrorReport(error) });
    }
  };

  return {
    async start(wanted) {
      force = wanted;
      const chosen = await chooseBackend(force);
      adopt(chosen.backend);
      return chosen.report;
    },
    async current() {
      await rebuilding;
      if (backend) return backend;
      throw failure ?? notStarted();
    },
    dispose() {
      const open = backend;
      backend = null;
      open?.close();
    },
  };
}

function notStarted(): AppError {
  return new AppError({
    code: 'engine-not-started',
    message: 'The engine was asked for work before it was started.',
    hint: 'This is a fault of the page. Reload it; what you kept is still on the shelf.',
  });
}

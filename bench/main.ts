import type { BenchAnswer, BenchRequest, TrainingAnswer, TrainingRequest } from './worker';

declare global {
  interface Window {
    /** Runs the contenders in a worker, where the engine runs in the app. */
    runBench: (request: BenchRequest) => Promise<BenchAnswer>;
    /** Steps of training, likewise. */
    runTrainingBench: (request: TrainingRequest) => Promise<TrainingAnswer>;
  }
}

window.runBench = (request) => askWorker<BenchAnswer>(request);
window.runTrainingBench = (request) => askWorker<TrainingAnswer>(request);

function askWorker<Answer>(request: BenchRequest | TrainingRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }: MessageEvent<{ answer: Answer } | { error: string }>) => {
      worker.terminate();
      if ('error' in data) reject(new Error(data.error));
      else resolve(data.answer);
    };
    worker.postMessage(request);
  });
}

import { AppError } from '../lib/errors';
import type { BackendCandidate, BackendName, DeviceReport } from './api';
import { describeError, type Backend, type Finding } from './backends/backend';
import { openCpu, probeCpu } from './backends/cpu';
import { openWasm, probeWasm } from './backends/wasm';
import { openWebgl, probeWebgl } from './backends/webgl';
import { openWebgpu, probeWebgpu } from './backends/webgpu';
import { measureBackend } from './measure';

/** A backend that is open, and how it came to be chosen. */
export interface Chosen {
  backend: Backend;
  report: DeviceReport;
}

/** Both GPU and CPU are measured within this time when neither is clearly better. */
const MEASURE_BUDGET_MS = 100;

const open: Record<BackendName, () => Promise<Backend>> = {
  webgpu: openWebgpu,
  webgl: openWebgl,
  wasm: () => openWasm(),
  cpu: openCpu,
};

/**
 * Finds the backend to run on and opens it: WebGPU on a real adapter; else WebGL on a real GPU or WASM,
 * whichever is measured to be faster; a software adapter counts as none. `force` goes first, whatever it
 * is. What cannot run ends up in the report's candidates with the reason.
 *
 * Throws AppError `no-backend` when not even plain JavaScript can be set up.
 */
export async function chooseBackend(force?: BackendName): Promise<Chosen> {
  const candidates = await findCandidates();
  for (const name of preference(candidates, force)) {
    const backend = await tryOpen(name, candidates);
    if (!backend) continue;
    const chosen =
      name === 'webgl' && force !== 'webgl' ? await fasterOf(backend, candidates) : backend;
    return { backend: chosen, report: await reportOn(chosen, candidates, force) };
  }
  throw new AppError({
    code: 'no-backend',
    message: `Nothing here can run a network: ${candidates.map((c) => `${c.backend}: ${c.reason ?? 'failed'}`).join('; ')}`,
    hint: 'Pictures cannot be drawn in this browser. Use a current Chrome, Edge, Firefox or Safari.',
  });
}

async function findCandidates(): Promise<BackendCandidate[]> {
  const candidate = (backend: BackendName, finding: Finding): BackendCandidate => ({
    backend,
    ...finding,
    measuredMs: null,
  });
  const webgpu = probeWebgpu();
  return [
    candidate('webgl', probeWebgl()),
    candidate('wasm', probeWasm()),
    candidate('cpu', probeCpu()),
    candidate('webgpu', await webgpu),
  ].sort((a, b) => RANK.indexOf(a.backend) - RANK.indexOf(b.backend));
}

const RANK: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

/** In which order backends are tried: the forced one, real GPUs, WASM, and what is left when even that fails. */
function preference(candidates: BackendCandidate[], force?: BackendName): BackendName[] {
  const usable = candidates.filter((c) => c.available);
  const hardware = usable.filter((c) => !c.software).map((c) => c.backend);
  const software = usable.filter((c) => c.software).map((c) => c.backend);
  const order = [...hardware, ...software];
  const forced = usable.find((c) => c.backend === force);
  return forced ? [forced.backend, ...order.filter((name) => name !== force)] : order;
}

async function tryOpen(name: BackendName, candidates: BackendCandidate[]): Promise<Backend | null> {
  try {
    return await open[name]();
  } catch (error) {
    const candidate = candidates.find((c) => c.backend === name);
    if (candidate) {
      candidate.available = false;
      candidate.reason = `It was found but could not be set up: ${describeError(error)}`;
    }
    return null;
  }
}

/** WebGL is open; opens WASM too, measures both, and closes the slower one. */
async function fasterOf(webgl: Backend, candidates: BackendCandidate[]): Promise<Backend> {
  const wasm = candidates.find((c) => c.backend === 'wasm');
  const gpu = candidates.find((c) => c.backend === 'webgl');
  if (!wasm?.available || !gpu) return webgl;
  gpu.measuredMs = await measureBackend(webgl, MEASURE_BUDGET_MS);
  const other = await tryOpen('wasm', candidates);
  // Opening made WASM the current backend; where it failed, WebGL has to become it again.
  if (!other) {
    webgl.close();
    return openWebgl();
  }
  wasm.measuredMs = await measureBackend(other, MEASURE_BUDGET_MS);
  if (wasm.measuredMs <= gpu.measuredMs) {
    gpu.reason = `Measured slower than WASM: ${gpu.measuredMs.toFixed(1)} ms against ${wasm.measuredMs.toFixed(1)} ms.`;
    webgl.close();
    return other;
  }
  wasm.reason = `Measured slower than WebGL: ${wasm.measuredMs.toFixed(1)} ms against ${gpu.measuredMs.toFixed(1)} ms.`;
  other.close();
  webgl.close();
  return openWebgl();
}

async function reportOn(
  backend: Backend,
  candidates: BackendCandidate[],
  force?: BackendName,
): Promise<DeviceReport> {
  const { name, adapter, software } = backend;
  const candidate = candidates.find((c) => c.backend === name);
  if (candidate) {
    candidate.adapter = adapter;
    candidate.measuredMs ??= await measureBackend(backend, MEASURE_BUDGET_MS).catch(() => null);
  }
  return {
    backend: name,
    adapter,
    software,
    measuredMs: candidate?.measuredMs ?? null,
    forced: force === name,
    candidates,
  };
}

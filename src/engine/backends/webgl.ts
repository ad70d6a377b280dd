import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../lib/errors';
import { stockLinear } from '../layers/linear';
import { activateBackend, dropBackend } from './activate';
import {
  createStockTrainOps,
  describeError,
  isSoftwareName,
  unavailable,
  type Backend,
  type Finding,
} from './backend';

/** Asks a small canvas who draws. */
export function probeWebgl(): Finding {
  if (typeof OffscreenCanvas === 'undefined') {
    return unavailable('This browser has no WebGL in background workers.');
  }
  try {
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (!gl) return unavailable('This browser offers no WebGL 2.');
    const adapter = rendererName(gl);
    const canFloat = gl.getExtension('EXT_color_buffer_float') !== null;
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    if (!canFloat) return unavailable('WebGL 2 cannot draw to 32-bit floats here.', adapter);
    const software = isSoftwareName(adapter);
    const reason = software
      ? 'Only a software rasterizer answers, which is slower than WASM.'
      : null;
    return { available: true, adapter: shortName(adapter), software, reason };
  } catch (error) {
    return unavailable(`Setting up WebGL failed: ${describeError(error)}`);
  }
}

/** Sets up the WebGL 2 backend on a canvas of our own. Throws AppError `backend-refused`. */
export async function openWebgl(): Promise<Backend> {
  const webgl = await import('@tensorflow/tfjs-backend-webgl');
  const canvas = new OffscreenCanvas(300, 150);
  const gl = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    premultipliedAlpha: false,
    preserveDrawingBuffer: false,
    depth: false,
    stencil: false,
  });
  if (!gl) {
    throw new AppError({
      code: 'backend-refused',
      message: 'The browser gave no WebGL 2 context.',
      hint: 'The engine tries the next backend by itself. Pictures are the same, only slower.',
    });
  }
  dropBackend('webgl');
  webgl.setWebGLContext(2, gl);
  tf.env().set('WEBGL_VERSION', 2);
  const instance = new webgl.MathBackendWebGL(new webgl.GPGPUContext(gl));
  tf.registerBackend('webgl', () => instance, 2);
  await activateBackend('webgl');
  const adapter = rendererName(gl);
  const loss = new AbortController();
  canvas.addEventListener('webglcontextlost', () => loss.abort('The WebGL context was lost.'));
  return {
    name: 'webgl',
    createLinear: stockLinear('webgl'),
    createTrainOps: createStockTrainOps,
    adapter: shortName(adapter),
    software: isSoftwareName(adapter),
    lost: loss.signal,
    canBeLost: true,
    isGone: () => gl.isContextLost(),
    takeFault: () => null,
    lose() {
      gl.getExtension('WEBGL_lose_context')?.loseContext();
      return true;
    },
    ownBytes: () => 0,
    pooledBytes: () => {
      const memory = instance.memory() as { numBytesInGPUFree?: number };
      return memory.numBytesInGPUFree ?? 0;
    },
    trimPool: () => undefined,
    close() {
      dropBackend('webgl');
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

function rendererName(gl: WebGL2RenderingContext): string {
  const extension = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

/** 'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 …, D3D11)' → 'NVIDIA GeForce RTX 3060'. */
function shortName(renderer: string): string {
  if (/swiftshader/i.test(renderer)) return 'SwiftShader';
  const device = /^ANGLE \([^,]+, ([^,]+),/.exec(renderer)?.[1] ?? renderer;
  return device.replace(/ (?:Direct3D|OpenGL|Vulkan|vs_|\().*$/, '').trim();
}

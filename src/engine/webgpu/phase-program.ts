import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { ActivationSpec, ConvTransposeLayer } from '../../model/spec';

/** The shape of a program that TensorFlow.js' WebGPU backend runs. */
type Program = Parameters<WebGPUBackend['runWebGPUProgram']>[0];

/** Output pixels of one phase, in a row, that one invocation computes; times four filters. */
const PIXELS = 4;

/** Invocations of a workgroup: along filters (in fours) and along pixels (in PIXELS). */
const WORKGROUP: [number, number, number] = [8, 8, 1];

export interface PhaseProgramOptions {
  spec: ConvTransposeLayer;
  /** N×H×W×C of the output. */
  outputShape: [number, number, number, number];
  activation: ActivationSpec;
}

/**
 * A transposed convolution of stride above one, phase by phase, with bias and activation in the same
 * pass. Input channels must be a multiple of four.
 *
 * Bindings: x (N×H×W×C), w (phase × tap × input channel × filters, the filters padded to fours), bias.
 * Sizes are uniforms, so layers that differ in nothing else share one pipeline.
 */
export function createPhaseProgram({
  spec,
  outputShape,
  activation,
}: PhaseProgramOptions): Program {
  const [count, height, width, filters] = outputShape;
  const [strideH, strideW] = spec.stride;
  const pixels = count * Math.ceil(height / strideH) * Math.ceil(width / strideW);
  const quads = filters % 4 === 0;
  const { top, left } = spec.padding;
  return {
    variableNames: ['x', 'w', 'bias'],
    variableComponents: [4, 4, 4],
    outputComponent: quads ? 4 : 1,
    uniforms: 'slope : f32,',
    outputShape,
    dispatchLayout: { x: [3], y: [1, 2], z: [0] },
    dispatch: [
      Math.ceil(filters / 4 / WORKGROUP[0]),
      Math.ceil(pixels / PIXELS / WORKGROUP[1]),
      strideH * strideW,
    ],
    workgroupSize: WORKGROUP,
    shaderKey: `phases_${spec.kernel.join('x')}_${spec.stride.join('x')}_${top}_${left}_${activation.kind}_${quads}`,
    getUserCode: () => shader(spec, activation, quads),
  };
}

/** WGSL of f(v : vec4<f32>); `uniforms.slope` is LeakyReLU's. */
const ACTIVATIONS: Record<ActivationSpec['kind'], string> = {
  none: 'v',
  relu: 'max(v, vec4<f32>(0.0))',
  leakyRelu: 'select(v, v * uniforms.slope, v < vec4<f32>(0.0))',
  elu: 'select(v, exp(v) - 1.0, v < vec4<f32>(0.0))',
  // tanh of large numbers is NaN on some drivers; from 10 on it is 1 in 32 bits.
  tanh: 'tanh(clamp(v, vec4<f32>(-10.0), vec4<f32>(10.0)))',
  sigmoid: '1.0 / (1.0 + exp(-v))',
};

const each = (text: (pixel: number) => string): string =>
  Array.from({ length: PIXELS }, (_, pixel) => text(pixel)).join('\n');

function shader(spec: ConvTransposeLayer, activation: ActivationSpec, quads: boolean): string {
  const [kernelH, kernelW] = spec.kernel;
  const [strideH, strideW] = spec.stride;
  const { top, left } = spec.padding;
  const tapsH = Math.ceil(kernelH / strideH);
  const tapsW = Math.ceil(kernelW / strideW);
  return `
  struct Pixel { image : i32, y : i32, x : i32, valid : bool };

  fn pixelOf(index : i32, phaseY : i32, phaseX : i32) -> Pixel {
    let height = (uniforms.outShape[1] + ${strideH - 1}) / ${strideH};
    let width = (uniforms.outShape[2] + ${strideW - 1}) / ${strideW};
    let image = index / (height * width);
    let row = (index / width) % height;
    let y = row * ${strideH} + phaseY;
    let x = (index % width) * ${strideW} + phaseX;
    let valid = image < uniforms.outShape[0] && y < uniforms.outShape[1] && x < uniforms.outShape[2];
    return Pixel(image, y, x, valid);
  }

  fn act(v : vec4<f32>) -> vec4<f32> {
    return ${ACTIVATIONS[activation.kind]};
  }

  ${storeFunction(quads)}

  fn main() {
    let filterQuads = (uniforms.outShape[3] + 3) / 4;
    let quad = i32(globalId.x);
    if (quad >= filterQuads) { return; }
    let phase = i32(globalId.z);
    let phaseY = phase / ${strideW};
    let phaseX = phase % ${strideW};
    let first = i32(globalId.y) * ${PIXELS};
    ${each((p) => `let p${p} = pixelOf(first + ${p}, phaseY, phaseX);`)}
    let channelQuads = uniforms.xShape[3] / 4;
    ${each((p) => `var sum${p} = bias[quad];`)}
    for (var tapY = 0; tapY < ${tapsH}; tapY++) {
      for (var tapX = 0; tapX < ${tapsW}; tapX++) {
        ${each((p) => locate(p, { strideH, strideW, top, left }))}
        let tap = (phase * ${tapsH} + tapY) * ${tapsW} + tapX;
        var weight = tap * uniforms.xShape[3] * filterQuads + quad;
        for (var c = 0; c < channelQuads; c++) {
          let w0 = w[weight];
          let w1 = w[weight + filterQuads];
          let w2 = w[weight + 2 * filterQuads];
          let w3 = w[weight + 3 * filterQuads];
          weight += 4 * filterQuads;
          ${each(accumulate)}
        }
      }
    }
    ${each((p) => `store(p${p}, quad, act(sum${p}));`)}
  }`;
}

/** Where pixel p's input for this tap begins, and 1 where that lies inside the image. */
function locate(
  p: number,
  { strideH, strideW, top, left }: { strideH: number; strideW: number; top: number; left: number },
): string {
  return `
        let row${p} = (p${p}.y + ${top}) / ${strideH} - tapY;
        let column${p} = (p${p}.x + ${left}) / ${strideW} - tapX;
        let inside${p} = p${p}.valid && row${p} >= 0 && column${p} >= 0 &&
          row${p} < uniforms.xShape[1] && column${p} < uniforms.xShape[2];
        let share${p} = select(0.0, 1.0, inside${p});
        let from${p} = select(0, ((p${p}.image * uniforms.xShape[1] + row${p}) * uniforms.xShape[2] + column${p}) * channelQuads, inside${p});`;
}

function accumulate(p: number): string {
  return `
          let v${p} = x[from${p} + c] * share${p};
          sum${p} += v${p}.x * w0 + v${p}.y * w1 + v${p}.z * w2 + v${p}.w * w3;`;
}

function storeFunction(quads: boolean): string {
  const index = '(p.image * uniforms.outShape[1] + p.y) * uniforms.outShape[2] + p.x';
  const body = quads
    ? `result[(${index}) * (uniforms.outShape[3] / 4) + quad] = v;`
    : `let at = (${index}) * uniforms.outShape[3];
    for (var f = 0; f < 4; f++) {
      let filterIndex = quad * 4 + f;
      if (filterIndex < uniforms.outShape[3]) { result[at + filterIndex] = v[f]; }
    }`;
  return `fn store(p : Pixel, quad : i32, v : vec4<f32>) {
    if (!p.valid) { return; }
    ${body}
  }`;
}

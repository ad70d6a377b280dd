import type { Assumption } from '../../model/infer-assumptions';
import { formatShape, inferShapes, inputShape } from '../../model/shapes';
import type { ActivationSpec, LayerSpec, ModelSpec } from '../../model/spec';
import { Select } from '../../ui/select';
import styles from './architecture.module.css';

interface LayerTableProps {
  spec: ModelSpec;
  assumptions: readonly Assumption[];
  overrides: Readonly<Record<string, string>>;
  onChange: (key: string, value: string) => void;
}

/** One row a layer; what a file leaves open is a list to choose from. */
export function LayerTable({ spec, assumptions, overrides, onChange }: LayerTableProps) {
  const shapes = inferShapes(spec);
  const cell = (layer: string, what: Assumption['what'], fallback: string) => {
    const found = assumptions.find((one) => one.layer === layer && one.what === what);
    if (!found) return <span className={styles.known}>{fallback}</span>;
    return <Cell item={found} value={overrides[found.key] ?? found.value} onChange={onChange} />;
  };
  return (
    <div className={styles.tableBox} tabIndex={0} role="region" aria-label="Layers">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Kind</th>
            <th scope="col">Steps</th>
            <th scope="col">Gives</th>
            <th scope="col">Activation</th>
            <th scope="col">Batch norm</th>
            <th scope="col">ε</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{spec.role === 'generator' ? 'z' : 'image'}</th>
            <td>input</td>
            <td />
            <td className={styles.number}>{formatShape(inputShape(spec))}</td>
            <td colSpan={3} />
          </tr>
          {spec.layers.map((layer, index) => (
            <tr key={layer.id}>
              <th scope="row" title={layer.id}>
                {layer.id}
              </th>
              <td className={styles.number}>
                {KINDS[layer.kind]} {'kernel' in layer && `${layer.kernel[0]}×${layer.kernel[1]}`}
              </td>
              <td>{cell(layer.id, stepsOf(layer), describeSteps(layer))}</td>
              <td className={styles.number}>{shapes[index] && formatShape(shapes[index])}</td>
              <td>{cell(layer.id, 'activation', describeActivation(layer.activation))}</td>
              <td>
                {layer.norm.kind === 'none' ? (
                  <span className={styles.none}>none</span>
                ) : (
                  cell(layer.id, 'order', ORDERS[layer.order])
                )}
              </td>
              <td className={styles.number}>
                {layer.norm.kind === 'batch' && cell(layer.id, 'eps', String(layer.norm.eps))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  item: Assumption;
  value: string;
  onChange: (key: string, value: string) => void;
}

/** A list; marked where its value is a guess that nobody has looked at yet. */
export function Cell({ item, value, onChange }: CellProps) {
  const where = item.layer === null ? '' : `${item.layer}: `;
  const guessed = item.basis === 'guess' && value === item.value;
  return (
    <span
      className={styles.cell}
      title={item.why}
      data-basis={guessed ? 'guess' : 'known'}
      data-what={item.what}
      data-where={item.layer === null ? 'network' : 'layer'}
    >
      <Select
        label={`${where}${WHAT[item.what]}`}
        value={value}
        options={item.choices}
        onChange={(next) => onChange(item.key, next)}
      />
    </span>
  );
}

/** What the cells are called. */
export const WHAT: Record<Assumption['what'], string> = {
  activation: 'activation',
  order: 'order of batch norm and activation',
  geometry: 'stride and padding',
  mode: 'upsampling',
  eps: 'batch norm ε',
  prior: 'z was drawn',
  range: 'output range',
  flip: 'kernels',
  memoryOrder: 'order of pixels',
  reshape: 'first image',
  statistics: 'batch norm uses',
};

const KINDS: Record<LayerSpec['kind'], string> = {
  dense: 'dense',
  conv: 'convolution',
  convTranspose: 'transposed',
  upsample: 'upsampling',
  reshape: 'vector to image',
  flatten: 'image to vector',
};

const ORDERS: Record<LayerSpec['order'], string> = {
  'norm-activation': 'before the activation',
  'activation-norm': 'after the activation',
};

function stepsOf(layer: LayerSpec): Assumption['what'] {
  if (layer.kind === 'reshape') return 'reshape';
  return layer.kind === 'upsample' ? 'mode' : 'geometry';
}

function describeSteps(layer: LayerSpec): string {
  switch (layer.kind) {
    case 'conv':
    case 'convTranspose': {
      const { stride, padding } = layer;
      const { top, right, bottom, left } = padding;
      const even = top === bottom && left === right && top === left;
      const pad = even ? String(top) : `${top} ${right} ${bottom} ${left}`;
      const out = layer.kind === 'convTranspose' ? layer.outputPadding.bottom : 0;
      const extra = out > 0 ? `, out ${out}` : '';
      return `stride ${stride[0]}, pad ${pad}${extra}`;
    }
    case 'upsample':
      return `×${layer.factor[0]}, ${layer.mode}`;
    case 'reshape':
    case 'flatten':
      return layer.memoryOrder === 'nchw' ? 'channels first' : 'channels last';
    case 'dense':
      return layer.bias ? 'with bias' : 'no bias';
  }
}

function describeActivation(activation: ActivationSpec): string {
  switch (activation.kind) {
    case 'leakyRelu':
      return `LeakyReLU ${activation.slope}`;
    case 'relu':
      return 'ReLU';
    case 'elu':
      return 'ELU';
    case 'none':
    case 'tanh':
    case 'sigmoid':
      return activation.kind;
  }
}

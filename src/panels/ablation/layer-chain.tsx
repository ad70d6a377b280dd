import type { UnitMask } from '../../model/source';
import type { CurrentModel } from '../../session/session';
import { cx } from '../../ui/class-names';
import { mapLayers, shapeText } from './layers';
import styles from './look.module.css';

interface LayerChainProps {
  model: CurrentModel;
  layer: string;
  units: UnitMask;
  onChoose: (layer: string) => void;
}

/** z, every layer with its shape, and the picture: the way that a latent takes. */
export function LayerChain({ model, layer, units, onChoose }: LayerChainProps) {
  const open = mapLayers(model).map(({ id }) => id);
  const { latent, output } = model.spec;
  return (
    <ol className={styles.chain} aria-label="Layers, from z to the picture">
      <li className={styles.end}>z {latent.size}</li>
      {model.layers.map((one) => {
        const changed = Object.keys(units[one.id] ?? {}).length;
        if (!open.includes(one.id)) {
          if (one === model.layers.at(-1)) return null;
          return (
            <li key={one.id} className={styles.end}>
              {shapeText(one)}
            </li>
          );
        }
        return (
          <li key={one.id}>
            <button
              type="button"
              className={cx(styles.layer, one.id === layer && styles.chosen)}
              aria-pressed={one.id === layer}
              title={one.id}
              onClick={() => onChoose(one.id)}
            >
              <span>
                {one.height}×{one.width}{' '}
              </span>
              <span className={styles.count}>
                {one.channels} filters{changed > 0 && <b> −{changed}</b>}
              </span>
            </button>
          </li>
        );
      })}
      <li className={styles.end}>
        picture {output.height}×{output.width}
      </li>
    </ol>
  );
}

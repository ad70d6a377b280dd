import { useState } from 'react';
import type { NormStatistics } from '../../model/spec';
import type { CurrentModel } from '../../session/session';
import { Button } from '../../ui/button';
import { ImageCanvas } from '../../ui/image-canvas';
import { ButtonRow } from '../../ui/panel-layout';
import { ProgressBar } from '../../ui/progress-bar';
import styles from './architecture.module.css';
import { COMPANY, MEASURED_OVER, useBatchNorm, type ExhibitRow } from './use-batch-norm';

/** One image under three sorts of statistics, among changing neighbors. */
export function BatchNorm({ model }: { model: CurrentModel }) {
  const [seed, setSeed] = useState({ image: 1, neighbors: 1 });
  const exhibit = useBatchNorm(model, seed);
  if (!model.spec.layers.some(({ norm }) => norm.kind === 'batch')) {
    return (
      <p className={styles.hint}>This network has no batch norm: each z has its one picture.</p>
    );
  }
  const next = (what: keyof typeof seed) => setSeed({ ...seed, [what]: seed[what] + 1 });
  return (
    <div className={styles.exhibit}>
      <p className={styles.lead}>
        The same z in every column. Only the pictures that are drawn along with it differ.
      </p>
      <ButtonRow>
        <Button look="primary" onClick={() => next('neighbors')}>
          New neighbours
        </Button>
        <Button onClick={() => next('image')}>New image</Button>
        <Button disabled={exhibit.measuring !== null} onClick={() => exhibit.measure()}>
          Freeze over {MEASURED_OVER.toLocaleString('en')} z
        </Button>
      </ButtonRow>
      {exhibit.measuring && (
        <ProgressBar
          label={exhibit.measuring.label}
          fraction={exhibit.measuring.fraction}
          onCancel={exhibit.cancel}
        />
      )}
      <div
        className={styles.scroll}
        tabIndex={0}
        role="region"
        aria-label="One image, three statistics"
      >
        <table className={styles.matrix}>
          <thead>
            <tr>
              <th scope="col">Statistics</th>
              {COMPANY.map(({ title }) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
              <th scope="col">Largest change</th>
            </tr>
          </thead>
          <tbody>
            {exhibit.rows.map((row) => (
              <Row key={row.statistics} row={row} model={model} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const TITLES: Record<NormStatistics, string> = {
  batch: 'The batch’s own',
  frozen: 'Frozen',
  file: 'The file’s own',
};

function Row({ row, model }: { row: ExhibitRow; model: CurrentModel }) {
  const { width, height } = model.spec.output;
  return (
    <tr data-testid={`statistics-${row.statistics}`}>
      <th scope="row">
        {TITLES[row.statistics]}
        <small>{row.note}</small>
      </th>
      {COMPANY.map(({ title }, index) => (
        <td key={title}>
          {row.available ? (
            <ImageCanvas
              ref={row.canvases[index] ?? null}
              label={`${TITLES[row.statistics]}, ${title}`}
              width={width}
              height={height}
              scale={Math.max(1, Math.floor(104 / height))}
            />
          ) : (
            <span className={styles.none}>–</span>
          )}
        </td>
      ))}
      <td className={styles.number} data-testid="largest-change">
        {row.change === null ? '' : `${row.change} / 255`}
      </td>
    </tr>
  );
}

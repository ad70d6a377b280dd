import type { ReactNode } from 'react';
import type { CardMetric } from '../model/manifest';
import type { CurrentModel } from '../session/session';
import { Dialog } from '../ui/dialog';
import styles from './model-card.module.css';

interface ModelCardProps {
  model: CurrentModel;
  open: boolean;
  onClose: () => void;
}

/** What the model is, what it was made from, how good it is, and where it fails. */
export function ModelCard({ model, open, onClose }: ModelCardProps) {
  const { card } = model;
  return (
    <Dialog open={open} onClose={onClose} title={model.title}>
      <div className={styles.card}>
        {card ? (
          <>
            <p className={styles.lead}>{card.summary}</p>
            <p>{card.about}</p>
          </>
        ) : (
          <p className={styles.lead}>
            A file of yours. What is known about it was read from the file itself; nothing of it has
            left this device.
          </p>
        )}
        {card && (
          <>
            <Section title="Data">
              <p>
                <strong>{card.data.name}</strong>, {card.data.images.toLocaleString('en')} images.{' '}
                {card.data.description}
              </p>
              <Facts
                rows={[
                  ['Licence of the data', card.data.licence],
                  ['Licence of the weights', card.licence],
                  ...(card.attribution === null
                    ? []
                    : [['Attribution', card.attribution] as const]),
                ]}
              />
            </Section>
            <Section title="Measured">
              <Metrics metrics={card.metrics} />
            </Section>
            {card.weaknesses.length > 0 && (
              <Section title="Where it is weak">
                <ul className={styles.list}>
                  {card.weaknesses.map((weakness) => (
                    <li key={weakness}>{weakness}</li>
                  ))}
                </ul>
              </Section>
            )}
            <Section title="How it was trained">
              <p>{card.recipe}</p>
              <Facts
                rows={[
                  ['Steps', card.steps.toLocaleString('en')],
                  ['Hardware', card.hardware],
                ]}
              />
            </Section>
          </>
        )}
        <Section title="The network">
          <Facts rows={networkFacts(model)} />
        </Section>
      </div>
    </Dialog>
  );
}

function networkFacts(model: CurrentModel): [string, string][] {
  const { latent, output } = model.spec;
  const shapes = model.layers
    .filter((layer) => layer.kind !== 'reshape' && layer.kind !== 'flatten')
    .map((layer) => `${layer.height}×${layer.width}×${layer.channels}`);
  return [
    ['Latent', `${latent.size} numbers, ${latent.prior} prior`],
    ['Image', `${output.width}×${output.height}, ${output.channels} channels`],
    ['Layers', shapes.join(' → ')],
    ['sha256', model.modelHash],
  ];
}

function Section(props: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

function Facts({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Metrics({ metrics }: { metrics: readonly CardMetric[] }) {
  if (metrics.length === 0) return <p>Nothing has been measured yet.</p>;
  return (
    <dl className={styles.facts}>
      {metrics.map((metric) => (
        <div key={metric.name}>
          <dt>{metric.name}</dt>
          <dd>
            {metric.value}
            {metric.unit !== undefined && ` ${metric.unit}`}
            {metric.note !== undefined && <span className={styles.note}>{metric.note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

import { useRef, useState } from 'react';
import { downloadBlob, fileName } from '../../export/download';
import { networkBytes } from '../../session/network-bytes';
import type { CurrentModel } from '../../session/session';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { DownloadIcon } from '../../ui/icons';
import { ButtonRow, ControlGroup, PanelLayout } from '../../ui/panel-layout';
import { Select } from '../../ui/select';
import { useCurrentModel, useSession } from '../../ui/session-context';
import { Tabs } from '../../ui/tabs';
import { ThumbGrid, type ThumbGridHandle } from '../../ui/thumb-grid';
import { useMediaQuery } from '../../ui/use-media-query';
import styles from './architecture.module.css';
import { BatchNorm } from './batch-norm';
import { Cell, LayerTable, WHAT } from './layer-table';
import { PREVIEW_COUNT, usePreview } from './use-preview';
import { useReading, type ReadingControl } from './use-reading';

export function ArchitectureView() {
  const model = useCurrentModel();
  return model && <Architecture key={model.id} model={model} />;
}

/** As in architecture.module.css. */
const NARROW = '(max-width: 900px)';

type Tab = 'layers' | 'norm';

function Architecture({ model }: { model: CurrentModel }) {
  const control = useReading(model);
  const [tab, setTab] = useState<Tab>('layers');
  return (
    <PanelLayout controls={<Controls model={model} control={control} />}>
      <Tabs
        label="What to look at"
        value={tab}
        onChange={setTab}
        className={styles.tabs}
        tabs={[
          {
            value: 'layers',
            label: 'Layers',
            content: <Layers model={model} control={control} />,
          },
          { value: 'norm', label: 'Batch norm', content: <BatchNorm model={model} /> },
        ]}
      />
    </PanelLayout>
  );
}

interface PartProps {
  model: CurrentModel;
  control: ReadingControl;
}

function Controls({ model, control }: PartProps) {
  const { reading, overrides, changed } = control;
  const session = useSession();
  const global = reading?.assumptions.filter(({ layer }) => layer === null) ?? [];
  const save = async () => {
    try {
      const file = reading && session.architecture.file();
      const blob = file ?? new Blob([networkBytes(await session.models.network())]);
      downloadBlob(blob, fileName([model.title], 'safetensors'));
    } catch (error) {
      session.notices.postError(error);
    }
  };
  return (
    <>
      {reading ? (
        <ControlGroup title="How the file is read">
          <Found control={control} />
          {global.map((item) => (
            <Field key={item.key} label={WHAT[item.what]}>
              <Cell
                item={item}
                value={overrides[item.key] ?? item.value}
                onChange={control.change}
              />
            </Field>
          ))}
          <ButtonRow>
            <Button look="primary" disabled={!changed} onClick={() => void control.use()}>
              Use this reading
            </Button>
            <Button disabled={Object.keys(overrides).length === 0} onClick={control.reset}>
              Reset
            </Button>
          </ButtonRow>
        </ControlGroup>
      ) : (
        <p className={styles.hint}>
          This model’s file describes its network, so nothing is guessed. Open weights of your own
          (model menu, or drop them on the page): what their file leaves open can be changed here.
        </p>
      )}
      <ControlGroup title="Save">
        <Button icon={<DownloadIcon />} onClick={() => void save()}>
          Save as safetensors
        </Button>
        <p className={styles.hint}>Weights with their description: opens at once next time.</p>
      </ControlGroup>
    </>
  );
}

/** Which networks the files hold, and what was left out. */
function Found({ control }: { control: ReadingControl }) {
  const { reading } = control;
  if (!reading) return null;
  const { networks, index, notes, refused } = reading;
  return (
    <>
      {networks.length > 1 && (
        <Field label="network">
          <Select
            label="Network in the file"
            value={String(index)}
            options={networks.map(({ label, role }, at) => ({
              value: String(at),
              label: role === 'generator' ? label : `${label} (${role})`,
              disabled: role !== 'generator',
            }))}
            onChange={(value) => control.choose(Number(value))}
          />
        </Field>
      )}
      {[...notes, ...refused].map((note) => (
        <p key={note} className={styles.hint}>
          {note}
        </p>
      ))}
    </>
  );
}

function Layers({ model, control }: PartProps) {
  const { reading, overrides, changed } = control;
  const grid = useRef<ThumbGridHandle>(null);
  const narrow = useMediaQuery(NARROW);
  const preview = usePreview(grid, model, changed);
  const spec = changed?.spec ?? model.spec;
  const output = spec.role === 'generator' ? spec.output : model.spec.output;
  const guesses = reading?.assumptions.filter((one) => one.basis === 'guess') ?? [];
  const error = control.error ?? preview.error;
  return (
    <div className={styles.layers}>
      <section className={styles.preview} aria-label="Samples of this reading">
        <p className={styles.status} role="status">
          {statusOf(preview.busy, changed !== null, guesses.length)}
        </p>
        {error && (
          <div className={styles.error} role="alert">
            <p>{error.message}</p>
            <p>{error.hint}</p>
          </div>
        )}
        <ThumbGrid
          ref={grid}
          label="Samples"
          count={PREVIEW_COUNT}
          columns={narrow ? 4 : 8}
          aspect={output.width / output.height}
          selected={[]}
          onSelect={() => undefined}
          cellLabel={(index) => `Sample ${index + 1}`}
          className={styles.grid}
        />
      </section>
      <LayerTable
        spec={spec}
        assumptions={reading?.assumptions ?? []}
        overrides={overrides}
        onChange={control.change}
      />
    </div>
  );
}

function statusOf(busy: boolean, changed: boolean, guesses: number): string {
  if (busy) return 'Drawing…';
  if (changed) return 'Samples of the changed reading. The other panels still use the one before.';
  if (guesses > 0) return `${guesses} settings are guesses (marked): compare the samples.`;
  return 'Samples of the open model.';
}

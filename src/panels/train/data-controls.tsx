import { useRef } from 'react';
import { takeFiles } from './take-files';
import { Button, IconButton } from '../../ui/button';
import { Field } from '../../ui/field';
import { TrashIcon, UploadIcon } from '../../ui/icons';
import { NumberField } from '../../ui/number-field';
import { ButtonRow, ControlGroup } from '../../ui/panel-layout';
import { SegmentedControl } from '../../ui/segmented';
import { useSession, useUrlParam } from '../../ui/session-context';
import { Switch } from '../../ui/switch';
import { dataParam, framingParam, mirrorParam, pixelsParam, tileParam, tonesParam } from './params';
import styles from './setup.module.css';
import { keyOf, type Plan } from './use-setup';
import { formatCount } from './words';

const SIZES = ['16', '32', '64'] as const;

/** Until one is chosen: as the pictures are. */
const TONES = [
  { value: 'color', label: 'Color' },
  { value: 'grey', label: 'Grey' },
] as const;

const FRAMINGS = [
  { value: 'crop', label: 'Crop', name: 'Crop to the middle square' },
  { value: 'fit', label: 'Fit', name: 'Fit all of it on a background' },
] as const;

/** Which pictures, and how they are cut. */
export function DataControls({ plan }: { plan: Plan }) {
  const [, setData] = useUrlParam(dataParam);
  const [pixels, setPixels] = useUrlParam(pixelsParam);
  const [, setTones] = useUrlParam(tonesParam);
  const [, setMirror] = useUrlParam(mirrorParam);
  const { state, entry, config } = plan;
  const ready = (state.entries ?? []).filter(({ source }) => source.kind !== 'kept');
  const own = entry === null || entry.source.kind === 'kept';
  return (
    <ControlGroup title="Pictures">
      <SegmentedControl
        label="Pictures to train on"
        value={own ? 'own' : plan.choice}
        options={[
          ...ready.map((one) => ({ value: keyOf(one), label: one.title })),
          { value: 'own', label: 'Own' },
        ]}
        onChange={setData}
      />
      {own && <OwnPictures plan={plan} />}
      <Field label="Size, in pixels">
        <SegmentedControl
          label="Size, in pixels"
          value={pixels}
          options={SIZES.map((value) => ({ value, label: `${value}×${value}` }))}
          onChange={setPixels}
        />
      </Field>
      <SegmentedControl
        label="Colors"
        value={config.image.channels === 1 ? 'grey' : 'color'}
        options={TONES}
        onChange={setTones}
      />
      {entry === null && <Framing />}
      <Switch label="Mirror half of them" checked={config.mirror} onChange={setMirror} />
    </ControlGroup>
  );
}

/** Files and folders of the visitor's own, and the sets that this browser keeps. */
function OwnPictures({ plan }: { plan: Plan }) {
  const session = useSession();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = (event: React.ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = '';
    if (chosen.length > 0) void takeFiles(session, chosen);
  };
  const input = { type: 'file', hidden: true, onChange: choose } as const;
  return (
    <>
      <ButtonRow>
        <Button icon={<UploadIcon />} onClick={() => files.current?.click()}>
          Files
        </Button>
        <Button icon={<UploadIcon />} onClick={() => folder.current?.click()}>
          Folder
        </Button>
      </ButtonRow>
      <p className={styles.hint}>
        Or drop them anywhere: pictures, folders, a zip, one sprite sheet, IDX (MNIST), CIFAR-10.
        Nothing is uploaded; they stay on this device.
      </p>
      <input ref={files} multiple aria-label="Pictures" data-testid="train-files" {...input} />
      <input
        ref={folder}
        // React's types do not know it.
        {...{ webkitdirectory: '' }}
        aria-label="Folder of pictures"
        data-testid="train-folder"
        {...input}
      />
      <KeptSets plan={plan} />
    </>
  );
}

function KeptSets({ plan }: { plan: Plan }) {
  const session = useSession();
  const [data, setData] = useUrlParam(dataParam);
  const kept = (plan.state.entries ?? []).filter(({ source }) => source.kind === 'kept');
  if (kept.length === 0) return null;
  const remove = async (id: string, key: string) => {
    try {
      await plan.setup.remove(id);
      if (data === key) setData('own');
    } catch (error) {
      session.notices.postError(error);
    }
  };
  return (
    <ul className={styles.kept} aria-label="Kept on this device">
      {kept.map((entry) => {
        const key = keyOf(entry);
        const id = entry.source.kind === 'kept' ? entry.source.id : '';
        return (
          <li key={key}>
            <Button
              pressed={plan.choice === key}
              className={styles.keptName}
              onClick={() => setData(key)}
            >
              <span>{entry.title}</span>
              <span className={styles.muted}>{formatCount(entry.count)}</span>
            </Button>
            <IconButton label={`Forget ${entry.title}`} onClick={() => void remove(id, key)}>
              <TrashIcon />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}

function Framing() {
  const [framing, setFraming] = useUrlParam(framingParam);
  const [tile, setTile] = useUrlParam(tileParam);
  return (
    <>
      <SegmentedControl
        label="What is not square"
        value={framing}
        options={FRAMINGS}
        onChange={setFraming}
      />
      <div className={styles.row}>
        <span>Sprite tiles, in pixels (0: find out)</span>
        <NumberField
          label="Sprite tiles, in pixels"
          className={styles.short}
          value={tile ?? 0}
          min={0}
          max={1024}
          step={1}
          onChange={(next) => setTile(Math.round(next) || null)}
        />
      </div>
    </>
  );
}

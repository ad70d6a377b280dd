import { useState, type FormEvent } from 'react';
import { downloadBlob, fileName } from '../../export/download';
import { AppError } from '../../lib/errors';
import { countUnits } from '../../session/mask';
import type { CurrentModel } from '../../session/session';
import type { MaskItem } from '../../session/shelf';
import { Button } from '../../ui/button';
import { useFilePicker } from '../../ui/file-picker';
import { DownloadIcon, KeepIcon, ResetIcon, UploadIcon } from '../../ui/icons';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import { ButtonRow } from '../../ui/panel-layout';
import { Popover } from '../../ui/popover';
import { useSession, useStoreValue } from '../../ui/session-context';
import { TextField } from '../../ui/text-field';
import { maskFromJson, maskToJson } from './mask-file';
import styles from './look.module.css';
import type { MaskEditor } from './use-mask';

/** Keeping masks and getting them back: undo, the shelf, files. */
export function MaskTools({ model, mask }: { model: CurrentModel; mask: MaskEditor }) {
  const count = countUnits(mask.units);
  return (
    <>
      <p className={styles.state} role="status">
        {count === 0
          ? 'All filters are on.'
          : `${count} ${count === 1 ? 'filter is' : 'filters are'} changed${mask.on ? '' : ', but the mask is off'}.`}
      </p>
      <ButtonRow>
        <Button
          icon={<ResetIcon />}
          disabled={mask.undo === null}
          onClick={() => mask.undo?.()}
          aria-keyshortcuts="Control+Z"
        >
          Undo
        </Button>
        <KeepMask model={model} mask={mask} disabled={count === 0} />
        <MaskMenu model={model} mask={mask} />
      </ButtonRow>
    </>
  );
}

function KeepMask(props: { model: CurrentModel; mask: MaskEditor; disabled: boolean }) {
  const { model, mask, disabled } = props;
  const session = useSession();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const keep = (event: FormEvent) => {
    event.preventDefault();
    const label = name.trim().slice(0, 200);
    session.shelf.add({
      kind: 'mask',
      modelHash: model.modelHash,
      data: { units: mask.units },
      label: label === '' ? `Mask of ${countUnits(mask.units)} filters` : label,
    });
    setName('');
    setOpen(false);
  };
  return (
    <Popover
      label="Keep the mask"
      align="start"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button icon={<KeepIcon />} disabled={disabled}>
          Keep mask
        </Button>
      }
    >
      <form className={styles.keepForm} onSubmit={keep}>
        <TextField
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          placeholder="No windows"
        />
        <Button type="submit" look="primary">
          Put on the shelf
        </Button>
      </form>
    </Popover>
  );
}

function MaskMenu({ model, mask }: { model: CurrentModel; mask: MaskEditor }) {
  const session = useSession();
  const items = useStoreValue(session.shelf.store, (state) => state.items);
  const own = items.filter(
    (item): item is MaskItem => item.kind === 'mask' && item.modelHash === model.modelHash,
  );

  const apply = (units: MaskEditor['units']) => {
    mask.checkpoint();
    mask.change(units);
  };
  const save = () => {
    const blob = new Blob([maskToJson(model, mask.units)], { type: 'application/json' });
    downloadBlob(blob, fileName(['mask', model.id], 'json'));
  };
  const read = async (file: File) => {
    try {
      const { modelHash, units } = maskFromJson(await file.text());
      if (modelHash !== model.modelHash) throw otherModel(model.title);
      apply(units);
    } catch (error) {
      session.notices.postError(error);
    }
  };
  const picker = useFilePicker({ label: 'Mask file', onFile: (file) => void read(file) });

  return (
    <>
      <Menu trigger={<Button look="quiet">Masks</Button>} wide>
        {own.length === 0 && (
          <MenuItem disabled onSelect={() => undefined}>
            None on the shelf yet
          </MenuItem>
        )}
        {own.map((item) => (
          <MenuItem key={item.id} onSelect={() => apply(item.data.units)}>
            {item.label}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem icon={<DownloadIcon />} onSelect={save}>
          Save the mask as JSON
        </MenuItem>
        <MenuItem icon={<UploadIcon />} onSelect={picker.choose}>
          Open a mask from JSON
        </MenuItem>
      </Menu>
      {picker.field}
    </>
  );
}

function otherModel(title: string): AppError {
  return new AppError({
    code: 'mask-other-model',
    message: `This mask was made on other weights than those of ${title}.`,
    hint: 'Its numbers mean other filters here. Open its model first.',
  });
}

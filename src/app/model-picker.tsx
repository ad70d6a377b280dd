import { useRef, useState } from 'react';
import type { ManifestEntry } from '../model/manifest';
import { isLocal } from '../session/model-catalog';
import { Button, IconButton } from '../ui/button';
import { cx } from '../ui/class-names';
import { CheckIcon, ChevronDownIcon, InfoIcon, TrashIcon, UploadIcon } from '../ui/icons';
import { Popover } from '../ui/popover';
import { ProgressBar } from '../ui/progress-bar';
import { useCurrentModel, useSession, useStoreValue } from '../ui/session-context';
import { ModelCard } from './model-card';
import styles from './model-picker.module.css';
import { forgetModel, openModel } from './open-model';

/** Which generator all panels work on, and what is known about it. */
export function ModelPicker() {
  const session = useSession();
  const model = useCurrentModel();
  const { entries, status, progress } = useStoreValue(session.models.store, (state) => state);
  const [open, setOpen] = useState(false);
  const [cardOpen, setCardOpen] = useState(false);
  const fileInput = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);

  const choose = (source: string | File[]) => {
    setOpen(false);
    void openModel(session, source);
  };

  return (
    <>
      <Popover
        label="Models"
        align="start"
        wide
        open={open}
        onOpenChange={setOpen}
        trigger={
          <Button look="quiet" className={styles.trigger} data-testid="model-picker">
            <span className={styles.current}>
              {model?.title ?? (status === 'failed' ? 'No model' : 'Opening a model')}
            </span>
            <ChevronDownIcon />
          </Button>
        }
      >
        <ul className={styles.list} aria-label="Models">
          {entries.map((entry) => (
            <ModelRow
              key={entry.id}
              entry={entry}
              current={entry.id === model?.id}
              onChoose={() => choose(entry.id)}
              onForget={() => void forgetModel(session, entry)}
            />
          ))}
        </ul>
        {status === 'loading' && progress && (
          <ProgressBar label={progress.label} fraction={progress.fraction} />
        )}
        <div className={styles.acts}>
          <Button
            icon={<InfoIcon />}
            disabled={model === null}
            onClick={() => {
              setOpen(false);
              setCardOpen(true);
            }}
          >
            About this model
          </Button>
          <Button icon={<UploadIcon />} onClick={() => fileInput.current?.click()}>
            Open files
          </Button>
          <Button icon={<UploadIcon />} onClick={() => folderInput.current?.click()}>
            Open a folder
          </Button>
        </div>
        <p className={styles.hint}>
          Weights of your own (PyTorch, Keras, NumPy, TF.js, safetensors): drop them anywhere on the
          page. They stay on this device.
        </p>
      </Popover>
      <input
        ref={fileInput}
        type="file"
        multiple
        hidden
        aria-label="Weights files"
        data-testid="model-file"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) choose(files);
        }}
      />
      <input
        ref={folderInput}
        type="file"
        // React's types do not know it.
        {...{ webkitdirectory: '' }}
        hidden
        aria-label="Weights folder"
        data-testid="model-folder"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) choose(files);
        }}
      />
      {model && <ModelCard model={model} open={cardOpen} onClose={() => setCardOpen(false)} />}
      {status === 'loading' && model && progress && (
        <ProgressBar
          className={styles.loading}
          label={progress.label}
          fraction={progress.fraction}
        />
      )}
    </>
  );
}

interface ModelRowProps {
  entry: ManifestEntry;
  current: boolean;
  onChoose: () => void;
  onForget: () => void;
}

function ModelRow({ entry, current, onChoose, onForget }: ModelRowProps) {
  const { image, latent, files } = entry;
  const megabytes = (files.generator.bytes / 1e6).toFixed(1);
  return (
    <li className={styles.item}>
      <button
        type="button"
        className={cx(styles.row, current && styles.rowCurrent)}
        aria-current={current}
        onClick={onChoose}
      >
        <span className={styles.rowTitle}>{entry.title}</span>
        {current && <CheckIcon />}
        <span className={styles.facts}>
          {image.width}×{image.height} {image.channels === 1 ? 'grey' : 'color'} · z {latent.size},{' '}
          {latent.prior} · {megabytes} MB
        </span>
      </button>
      {isLocal(entry.id) && !current && (
        <IconButton label={`Forget ${entry.title}`} onClick={onForget}>
          <TrashIcon />
        </IconButton>
      )}
    </li>
  );
}

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RgbaImages } from '../../engine/api';
import { downloadBlob, fileName } from '../../export/download';
import { isAbort } from '../../lib/errors';
import { BOX_SAMPLES, formatBoxSet, parseBoxSet } from '../../model/box-set';
import { checkBoxModel } from '../../session/box-sets';
import type { CurrentModel } from '../../session/session';
import { Button } from '../../ui/button';
import { useFilePicker } from '../../ui/file-picker';
import {
  AddIcon,
  ChevronLeftIcon,
  ChevronRightIcon,
  DownloadIcon,
  ResetIcon,
  TrashIcon,
  UploadIcon,
} from '../../ui/icons';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import { ButtonRow } from '../../ui/panel-layout';
import { IconButton } from '../../ui/button';
import { useSession } from '../../ui/session-context';
import { ThumbGrid, type ThumbGridHandle } from '../../ui/thumb-grid';
import { BoxEditor } from './box-editor';
import { middleBox } from './box-math';
import type { Forget, ForgetState } from './forget-store';
import styles from './forget.module.css';

interface BoxesStepProps {
  model: CurrentModel;
  forget: Forget;
  state: ForgetState;
}

/** 150 samples, and the one that boxes are drawn on. */
export function BoxesStep({ model, forget, state }: BoxesStepProps) {
  const { boxes, sample, selected } = state;
  const { width, height } = model.spec.output;
  const grid = useRef<ThumbGridHandle>(null);
  const pictures = useSamplePictures(model, forget, state.seed, grid);
  const stride = width * height * 4;
  const picture = useMemo(
    () => (pictures ? pictures.data.slice(sample * stride, (sample + 1) * stride) : null),
    [pictures, sample, stride],
  );
  const counts = useMemo(() => {
    const perSample = new Map<number, number>();
    for (const box of boxes) perSample.set(box.sample, (perSample.get(box.sample) ?? 0) + 1);
    return perSample;
  }, [boxes]);
  const label = useCallback(
    (index: number) => {
      const count = counts.get(index) ?? 0;
      return `Sample ${index}${count > 0 ? `, ${count} ${count === 1 ? 'box' : 'boxes'}` : ''}`;
    },
    [counts],
  );
  const badge = useCallback(
    (index: number) => (counts.has(index) ? String(counts.get(index)) : null),
    [counts],
  );
  const go = (to: number) => {
    forget.set({ sample: Math.min(BOX_SAMPLES - 1, Math.max(0, to)), selected: null });
  };
  const remove = () => {
    if (selected === null) return;
    forget.setBoxes(boxes.filter((_, index) => index !== selected));
    forget.set({ selected: null });
  };

  return (
    <div className={styles.boxes}>
      <div className={styles.samples}>
        <p className={styles.hint} role="status" data-testid="box-count">
          {boxes.length} {boxes.length === 1 ? 'box' : 'boxes'} on {counts.size} of {BOX_SAMPLES}{' '}
          samples
        </p>
        <ThumbGrid
          ref={grid}
          className={styles.sampleGrid}
          label={`${BOX_SAMPLES} samples of seed ${state.seed}`}
          count={BOX_SAMPLES}
          aspect={width / height}
          minCell={32}
          selected={[sample]}
          followFocus
          onSelect={go}
          cellLabel={label}
          badge={badge}
        />
      </div>
      <div className={styles.editorColumn}>
        <div className={styles.editorHead}>
          <IconButton label="Previous sample" onClick={() => go(sample - 1)}>
            <ChevronLeftIcon />
          </IconButton>
          <span>Sample {sample}</span>
          <IconButton label="Next sample" onClick={() => go(sample + 1)}>
            <ChevronRightIcon />
          </IconButton>
        </div>
        <BoxEditor
          {...{ sample, picture, width, height, boxes, selected }}
          onSelect={(index) => forget.set({ selected: index })}
          onChange={(next, step) => forget.setBoxes(next, { step })}
        />
        <ButtonRow>
          <Button
            icon={<AddIcon />}
            onClick={() => {
              forget.setBoxes([...boxes, middleBox(sample, { width, height })]);
              forget.set({ selected: boxes.length });
            }}
          >
            Add box
          </Button>
          <Button icon={<TrashIcon />} disabled={selected === null} onClick={remove}>
            Delete
          </Button>
          <Button icon={<ResetIcon />} disabled={state.past.length === 0} onClick={forget.undo}>
            Undo
          </Button>
          <SetMenu {...{ model, forget, state }} />
        </ButtonRow>
        <p className={styles.hint}>
          Drag on the picture to draw, a box to move it, a corner to resize it. Keys on a box:
          arrows move it, Shift and arrows resize it, Delete removes it.
        </p>
      </div>
    </div>
  );
}

function SetMenu({ model, forget, state }: BoxesStepProps) {
  const session = useSession();
  const { bundled } = state;
  const save = () => {
    const { seed, boxes } = state;
    const { modelHash } = model;
    const { concept } = bundled ?? {};
    const text = formatBoxSet({
      v: 1,
      modelHash,
      seed,
      ...(concept !== undefined && { concept }),
      boxes: [...boxes],
    });
    downloadBlob(
      new Blob([text], { type: 'application/json' }),
      fileName(['boxes', model.id, `s${seed}`], 'json'),
    );
  };
  const read = async (file: File) => {
    try {
      const set = parseBoxSet(await file.text(), file.name);
      checkBoxModel(set, model);
      forget.load(set);
    } catch (error) {
      session.notices.postError(error);
    }
  };
  const picker = useFilePicker({ label: 'Box file', onFile: (file) => void read(file) });
  return (
    <>
      <Menu trigger={<Button look="quiet">Box sets</Button>} wide>
        <MenuItem disabled={!bundled} onSelect={() => bundled && forget.load(bundled)}>
          {bundled
            ? `Load the set: ${bundled.boxes.length} ${bundled.concept ?? 'boxes'}`
            : 'No set ships with this model'}
        </MenuItem>
        <MenuItem
          icon={<TrashIcon />}
          disabled={state.boxes.length === 0}
          onSelect={() => forget.setBoxes([])}
        >
          Delete all boxes
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<DownloadIcon />} onSelect={save}>
          Save the boxes as JSON
        </MenuItem>
        <MenuItem icon={<UploadIcon />} onSelect={picker.choose}>
          Open boxes from JSON
        </MenuItem>
      </Menu>
      {picker.field}
    </>
  );
}

const CHUNK = 25;
const drawn = new Map<string, RgbaImages>();

/** All samples with all filters, drawn in chunks; kept for when the step is shown again. */
function useSamplePictures(
  model: CurrentModel,
  forget: Forget,
  seed: number,
  grid: React.RefObject<ThumbGridHandle | null>,
): RgbaImages | null {
  const session = useSession();
  const key = `${model.modelHash}/${seed}`;
  const [pictures, setPictures] = useState<{ key: string; images: RgbaImages } | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    const { width, height } = model.spec.output;
    const stride = width * height * 4;
    const draw = async () => {
      const known = drawn.get(key);
      const all = known ?? {
        count: BOX_SAMPLES,
        width,
        height,
        data: new Uint8ClampedArray(BOX_SAMPLES * stride),
        latencyMs: 0,
      };
      if (known) {
        grid.current?.paint(0, known);
        setPictures({ key, images: known });
        return;
      }
      const z = forget.latents();
      for (let start = 0; start < BOX_SAMPLES; start += CHUNK) {
        const images = await session.generator.render(z.slice(start, start + CHUNK), {
          units: {},
          signal: ended.signal,
        });
        all.data.set(images.data, start * stride);
        grid.current?.paint(start, images);
        setPictures({ key, images: { ...all } });
      }
      drawn.clear();
      drawn.set(key, all);
    };
    draw().catch((error: unknown) => {
      if (!isAbort(error)) session.notices.postError(error);
    });
    return () => ended.abort();
  }, [session, model, forget, key, grid]);
  return pictures?.key === key ? pictures.images : null;
}

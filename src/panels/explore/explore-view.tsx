import { useCallback, useEffect, useRef } from 'react';
import { seedParam } from '../../session/params';
import type { CurrentModel } from '../../session/session';
import { Button, IconButton } from '../../ui/button';
import { DownloadIcon, ShuffleIcon } from '../../ui/icons';
import { NumberField } from '../../ui/number-field';
import { PanelLayout } from '../../ui/panel-layout';
import { ProgressBar } from '../../ui/progress-bar';
import { useCurrentModel, useSession, useUrlParam } from '../../ui/session-context';
import { useShortcuts } from '../../ui/shortcuts';
import { ThumbGrid, type ThumbGridHandle } from '../../ui/thumb-grid';
import { PHONE, useMediaQuery } from '../../ui/use-media-query';
import { barLimit, type Cell } from './cells';
import { DirectionControls } from './direction-controls';
import { PriorControl, SampleControls, VaryControls, ViewControls } from './controls';
import styles from './explore.module.css';
import { LargeView } from './large-view';
import { LatentBars } from './latent-bars';
import { aroundParam } from './params';
import { randomNumber, useCells, useLookedAt, useNewSeed } from './use-explore';
import { useGridPictures } from './use-pictures';
import { useSaving } from './use-saving';

export function ExploreView() {
  const model = useCurrentModel();
  return model && <Explore key={model.handle} model={model} />;
}

function Explore({ model }: { model: CurrentModel }) {
  const { source, cells, varying } = useCells(model);
  const lookedAt = useLookedAt(cells, source);
  const [, setAround] = useUrlParam(aroundParam);
  const newSeed = useNewSeed(lookedAt, varying);
  const varyThis = () => setAround(lookedAt.portable, { push: true });
  const vary = () => (varying ? setAround(null, { push: true }) : varyThis());
  useShortcuts('Explore: the grid', [
    { key: 'n', label: 'New seed', run: () => newSeed() },
    { key: 'ArrowRight', label: 'In the grid: next picture', display: '← ↑ ↓ →' },
  ]);

  return (
    <PanelLayout
      controls={
        <>
          <SampleControls />
          <VaryControls
            model={model}
            varying={varying}
            onVary={vary}
            onVaryThis={varying && lookedAt.index !== 0 ? varyThis : null}
          />
          <DirectionControls model={model} lookedAt={lookedAt} />
        </>
      }
      more={
        <>
          <PriorControl model={model} />
          <ViewControls />
        </>
      }
      footer={
        <LatentBars
          z={lookedAt.z}
          origin={lookedAt.origin}
          limit={barLimit(source.prior)}
          onChange={lookedAt.change}
          randomValue={() => randomNumber(source.prior)}
        />
      }
    >
      <div className={styles.stage}>
        <Sheet
          model={model}
          cells={cells}
          selected={lookedAt.index}
          varying={varying}
          onNewSeed={newSeed}
          onSelect={(cell) => lookedAt.select(cell.ref)}
        />
        <LargeView model={model} lookedAt={lookedAt} onVary={vary} />
      </div>
    </PanelLayout>
  );
}

interface SheetProps {
  model: CurrentModel;
  cells: readonly Cell[];
  /** −1: none of them. */
  selected: number;
  varying: boolean;
  onNewSeed: (seed?: number) => void;
  onSelect: (cell: Cell) => void;
}

/** The grid of pictures with its seed. */
function Sheet({ model, cells, selected, varying, onNewSeed, onSelect }: SheetProps) {
  const [seed] = useUrlParam(seedParam);
  const grid = useRef<ThumbGridHandle>(null);
  const progress = useGridPictures(grid, cells);
  const phone = useMediaQuery(PHONE);
  const { width, height } = model.spec.output;

  // One function for good: a new one would render a hundred cells at each move of a slider.
  const latest = useRef(cells);
  useEffect(() => {
    latest.current = cells;
  });
  const getPayload = useCallback(
    (index: number) => {
      const cell = latest.current[index];
      if (!cell) return null;
      return {
        z: cell.z,
        label: cell.label,
        ref: cell.portable,
        thumbnail: grid.current?.thumbnail(index) ?? '',
        modelHash: model.modelHash,
      };
    },
    [model],
  );

  return (
    <section className={styles.sheet} aria-label={varying ? 'Neighbours' : 'Samples'}>
      <div className={styles.toolbar}>
        <Button icon={<ShuffleIcon />} onClick={() => onNewSeed()}>
          New seed
        </Button>
        <span className={styles.seed}>
          <span aria-hidden="true">Seed</span>
          <NumberField
            label="Seed"
            value={seed}
            min={0}
            max={2 ** 32 - 1}
            step={1}
            onChange={(value) => onNewSeed(Math.round(value))}
          />
        </span>
        <SaveSheet model={model} cells={cells} />
      </div>
      <ThumbGrid
        ref={grid}
        className={styles.grid}
        label={varying ? 'Neighbours' : `Samples of seed ${seed}`}
        count={cells.length}
        aspect={width / height}
        columns={phone ? phoneColumns(cells.length) : undefined}
        selected={selected >= 0 ? [selected] : []}
        followFocus
        cellLabel={(index) => cells[index]?.label ?? ''}
        onSelect={(index) => {
          const cell = cells[index];
          if (cell) onSelect(cell);
        }}
        getPayload={getPayload}
        badge={varying ? varyBadge : undefined}
      />
      {progress !== null && (
        <ProgressBar className={styles.progress} label="Drawing" fraction={progress} />
      )}
    </section>
  );
}

function SaveSheet({ model, cells }: { model: CurrentModel; cells: readonly Cell[] }) {
  const session = useSession();
  const { save, cancel, progress } = useSaving();
  if (progress) {
    return <ProgressBar label={progress.label} fraction={progress.fraction} onCancel={cancel} />;
  }
  return (
    <IconButton
      label="Save the sheet as PNG"
      className={styles.notInLecture}
      onClick={() =>
        void save(async (signal, onProgress) => {
          onProgress({ fraction: 0, label: 'drawing the sheet' });
          const { saveSheet } = await import('./export-picture');
          await saveSheet(session, model, cells, Math.ceil(Math.sqrt(cells.length)), {
            scale: 2,
            smooth: false,
            signal,
            onProgress,
          });
        })
      }
    >
      <DownloadIcon />
    </IconButton>
  );
}

const varyBadge = (index: number) => (index === 0 ? 'varied' : null);

/** On a phone the page scrolls, so that the grid has no height to fit into. */
function phoneColumns(count: number): number {
  if (count <= 9) return 3;
  return count <= 16 ? 4 : 6;
}

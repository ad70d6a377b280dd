import { useEffect, useMemo, useRef, useState } from 'react';
import type { RgbaImages } from '../../engine/api';
import { maskOf } from '../../session/mask';
import type { CurrentModel } from '../../session/session';
import { Button } from '../../ui/button';
import { ButtonRow, ControlGroup, PanelLayout } from '../../ui/panel-layout';
import { ProgressBar } from '../../ui/progress-bar';
import { SegmentedControl } from '../../ui/segmented';
import { Select } from '../../ui/select';
import { useSession, useStoreValue, useUrlParam } from '../../ui/session-context';
import { useShortcuts } from '../../ui/shortcuts';
import { Slider } from '../../ui/slider';
import { ChosenPair, Strip, type AfterHandle } from './before-after';
import { forgetOf } from './forget-store';
import { formatNumber, Inspector } from './inspector';
import { LayerChain } from './layer-chain';
import { chosenLayer, layerTitle } from './layers';
import styles from './look.module.css';
import { MaskTools } from './mask-tools';
import { layerParam, sortParam, type Sort } from './params';
import { TileGrid } from './tile-grid';
import { orderFilters } from './tile-math';
import { useAfter, useBefore, useChosen, useEffects, useMaps, useTopSamples } from './use-look';
import { scaleOf, useMask, withScale } from './use-mask';

/** Look at every filter of a layer, and switch filters off. */
export function LookView({ model }: { model: CurrentModel }) {
  const session = useSession();
  const [layerId, setLayer] = useUrlParam(layerParam);
  const layer = chosenLayer(model, layerId)!;
  const title = layerTitle(model, layer);
  const mask = useMask(model);
  const { z, samples, index, seed, choose } = useChosen(model);
  const { maps, stats } = useMaps(z, layer.id, mask.active);
  const effects = useEffects(model, layer.id);
  const { store } = forgetOf(session, model);
  const weights = useStoreValue(store, ({ fits }) => fits[layer.id]?.weights ?? null);
  const scores = useStoreValue(store, (state) => state.effects[layer.id]?.scores ?? null);
  const tops = useTopSamples(model, layer.id);

  const [sort, setSort] = useUrlParam(sortParam);
  const [shared, setShared] = useState<'own' | 'shared'>('own');
  const [brush, setBrush] = useState(0);
  const [peek, setPeek] = useState<number | null>(null);
  const [inspected, setInspected] = useState<number | null>(null);

  const values: Record<Sort, ArrayLike<number> | null> = {
    index: null,
    mean: stats?.mean ?? null,
    variance: stats?.variance ?? null,
    effect: effects.effects?.values ?? null,
    weight: weights,
    score: scores,
  };
  const sortedBy = values[sort];
  const order = useMemo(() => orderFilters(layer.channels, sortedBy), [layer.channels, sortedBy]);
  const current = inspected ?? order[0] ?? 0;
  const shownUnits = useMemo(() => {
    if (peek === null) return mask.active;
    const isOn = scaleOf(mask.active, layer.id, peek) !== 0;
    return withScale(mask.active, layer.id, [peek], isOn ? 0 : 1);
  }, [mask.active, layer.id, peek]);

  const latents = useMemo(() => [z, ...samples], [z, samples]);
  const before = useBefore(latents);
  const pair = useRef<AfterHandle>(null);
  const strip = useRef<AfterHandle>(null);
  const latest = useRef(new Map<number, RgbaImages>());
  useAfter(latents, shownUnits, (first, images) => {
    latest.current.set(first, images);
    pair.current?.draw(first, images);
    strip.current?.draw(first, images);
  });
  // Whichever of the two comes last completes the difference.
  useEffect(() => {
    for (const [first, images] of latest.current) {
      pair.current?.draw(first, images);
      strip.current?.draw(first, images);
    }
  }, [before]);

  const all = Array.from({ length: layer.channels }, (_, filter) => filter);
  const setAll = (filters: readonly number[], scale: number) => {
    mask.checkpoint();
    mask.change(withScale(mask.units, layer.id, filters, scale));
  };
  const invert = () => {
    mask.checkpoint();
    const off = all.filter((filter) => scaleOf(mask.units, layer.id, filter) === 1);
    mask.change(withScale(withScale(mask.units, layer.id, all, 1), layer.id, off, 0));
  };
  useShortcuts('Filters', [
    { key: 'u', label: 'Undo the last switch', run: () => mask.undo?.() },
    { key: 'i', label: 'Invert the layer', run: invert },
    { key: ' ', label: 'Tile: switch it', display: 'Space' },
    { key: 'Shift', label: 'Tile: switch all from the last one', display: 'Shift Space' },
  ]);
  const chooseSort = (next: Sort) => {
    setSort(next);
    if (next === 'effect' && effects.effects?.samples !== 64) void effects.measure();
  };
  const { width, height } = model.spec.output;
  const off = scaleOf(mask.active, layer.id, peek ?? current) === 0;
  const afterLabel = peek === null ? 'With the mask' : `${off ? 'With' : 'Without'} filter ${peek}`;
  const note = (filter: number) => {
    const value = sortedBy?.[filter];
    return value === undefined ? '' : `, ${sort} ${formatNumber(value)}`;
  };

  return (
    <PanelLayout
      controls={
        <>
          <ControlGroup title="The chosen picture">
            <ChosenPair ref={pair} {...{ before, width, height, afterLabel }} />
          </ControlGroup>
          <ControlGroup title={`Switch filters of ${title}`}>
            <Slider
              label="A click sets the filter to"
              value={brush}
              min={0}
              max={2}
              step={0.1}
              mark={1}
              format={(value) => (value === 0 ? '0' : value.toFixed(1))}
              aside={<span className={styles.muted}>{brush === 0 ? 'off' : '×'}</span>}
              onChange={setBrush}
            />
            <ButtonRow>
              <Button onClick={() => setAll(all, 1)}>All on</Button>
              <Button onClick={() => setAll(all, 0)}>None</Button>
              <Button onClick={invert}>Invert</Button>
            </ButtonRow>
            <MaskTools model={model} mask={mask} />
          </ControlGroup>
        </>
      }
      footer={
        <Strip
          ref={strip}
          {...{ before, width, height, afterLabel, index, seed }}
          onChoose={choose}
        />
      }
    >
      <div className={styles.stage}>
        <LayerChain
          model={model}
          layer={layer.id}
          units={mask.units}
          onChoose={(id) => {
            setPeek(null);
            setInspected(null);
            setLayer(id);
          }}
        />
        <div className={styles.columns}>
          <div className={styles.tileColumn}>
            <div className={styles.tileBar}>
              <Select<Sort>
                label="Sort by"
                value={sort}
                onChange={chooseSort}
                options={[
                  { value: 'index', label: 'Sort by number' },
                  { value: 'mean', label: 'Sort by mean' },
                  { value: 'variance', label: 'Sort by variance' },
                  { value: 'effect', label: 'Sort by effect' },
                  { value: 'weight', label: 'Sort by weight', disabled: weights === null },
                  { value: 'score', label: 'Sort by score', disabled: scores === null },
                ]}
              />
              <SegmentedControl
                label="Brightness of the tiles"
                value={shared}
                onChange={setShared}
                options={[
                  { value: 'own', label: 'Own scale' },
                  { value: 'shared', label: 'Shared' },
                ]}
              />
              {effects.progress ? (
                <ProgressBar
                  label={effects.progress.label}
                  fraction={effects.progress.fraction}
                  onCancel={effects.cancel}
                />
              ) : (
                effects.effects?.samples !== 64 && (
                  <Button look="quiet" onClick={() => void effects.measure()}>
                    Measure effects
                  </Button>
                )
              )}
            </div>
            <TileGrid
              key={layer.id}
              layerTitle={title}
              {...{ maps, stats, order, note, current }}
              shared={shared === 'shared'}
              scaleOf={(filter) => scaleOf(mask.units, layer.id, filter)}
              onPeek={(filter) => {
                setPeek(filter);
                if (filter !== null) setInspected(filter);
              }}
              onStart={mask.checkpoint}
              onSwitch={(filters, changed) => {
                // From the link, not from this render: strokes come faster than renders.
                const { units } = maskOf(session.url, model);
                mask.change(withScale(units, layer.id, filters, changed ? brush : 1));
              }}
            />
          </div>
          <Inspector
            layerTitle={title}
            filter={current}
            {...{ maps, stats }}
            picture={before?.images ?? null}
            kernelNorm={session.models.kernelNorms(layer.id)?.[current] ?? null}
            effect={
              effects.effects
                ? {
                    value: effects.effects.values[current] ?? 0,
                    samples: effects.effects.samples,
                  }
                : null
            }
            weight={weights?.[current] ?? null}
            score={scores?.[current] ?? null}
            tops={tops?.tops[current] ?? null}
            topPictures={tops?.pictures ?? null}
          />
        </div>
      </div>
    </PanelLayout>
  );
}

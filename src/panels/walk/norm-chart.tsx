import { useMemo } from 'react';
import { LineChart, type ChartSeries } from '../../ui/line-chart';
import { useStoreValue } from '../../ui/session-context';
import { endlessNorms, shellBand, walkNorms } from './norms';
import type { Player } from './player';
import type { Walk } from './use-walk';

interface NormChartProps {
  walk: Walk;
  player: Player;
  /** Frames that the timeline shows. */
  from: number;
  to: number;
  height: number;
}

/** |z| along the walk, straight and on the sphere, over the lengths that the prior's samples have. */
export function NormChart({ walk, player, from, to, height }: NormChartProps) {
  const { keyframes, settings, sampling } = walk;
  const index = useStoreValue(player.store, (state) => state.index);
  const { prior, size } = sampling;
  const band = useMemo(() => shellBand(prior, size), [prior, size]);
  const norms = useMemo(() => walkNorms(keyframes, settings), [keyframes, settings]);
  const endless = useMemo(
    () =>
      settings.kind === 'endless'
        ? endlessNorms(from, to, settings, prior, size)
        : ([] as number[]),
    [from, to, settings, prior, size],
  );
  const flat = (length: number) => Array.from({ length: Math.max(2, length) }, () => band.expected);
  const shared = {
    band: { low: band.low, high: band.high, label: '90 % of samples' },
    yLabel: '|z|',
    height,
  };

  if (settings.kind === 'endless') {
    const seconds = (frame: number) => Math.round(frame / settings.framesPerSegment);
    return (
      <LineChart
        {...shared}
        summary="Length of z along the endless walk: it stays within the prior’s shell."
        series={[{ label: 'endless walk', values: endless, emphasis: true }]}
        xRange={[seconds(from), seconds(to)]}
        xLabel="new pictures"
        cursor={index / settings.framesPerSegment}
      />
    );
  }
  const chosen = settings.interpolation;
  const series: ChartSeries[] = [
    { label: 'straight (lerp)', values: norms.lerp, emphasis: chosen === 'lerp' },
    { label: 'sphere (slerp)', values: norms.slerp, emphasis: chosen === 'slerp' },
    { label: 'the prior’s mean', values: flat(2), dashed: true },
  ];
  return (
    <LineChart
      {...shared}
      summary={summaryOf(norms.lerp, norms.slerp, band)}
      series={series}
      xRange={[1, norms.segments + 1]}
      xLabel={settings.closed ? 'keyframe, and 1 again' : 'keyframe'}
      cursor={1 + index / settings.framesPerSegment}
    />
  );
}

function summaryOf(lerp: readonly number[], slerp: readonly number[], band: { low: number }) {
  if (lerp.length === 0) return 'One keyframe: z does not move.';
  const least = (values: readonly number[]) => Math.min(...values).toFixed(1);
  return `Length of z along the walk. Straight lines fall to ${least(lerp)}, the sphere keeps at least ${least(slerp)}; the prior’s shell begins at ${band.low.toFixed(1)}.`;
}

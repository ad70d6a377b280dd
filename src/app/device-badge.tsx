import type { BackendCandidate, BackendName, DeviceReport } from '../engine/api';
import type { DeviceState } from '../session/session';
import { Button } from '../ui/button';
import { cx } from '../ui/class-names';
import { Popover } from '../ui/popover';
import { useSession, useStoreValue } from '../ui/session-context';
import styles from './device-badge.module.css';

const NAMES: Record<BackendName, string> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WASM',
  cpu: 'JavaScript',
};

/** What runs the network, how fast, and why it is not another. */
export function DeviceBadge() {
  const { device } = useSession();
  const state = useStoreValue(device, (whole) => whole);
  const { report } = state;
  return (
    <Popover
      label="Device"
      wide
      trigger={
        <Button
          look="quiet"
          className={styles.badge}
          data-testid="device-badge"
          data-status={state.status}
          aria-label={`Device: ${badgeText(state)}`}
        >
          <span className={styles.dot} data-status={state.status} />
          <span className={styles.text}>
            {badgeParts(state)[0]}
            <span className={styles.more}>
              {badgeParts(state)
                .slice(1)
                .map((part) => ` · ${part}`)}
            </span>
          </span>
        </Button>
      }
    >
      <h2 className={styles.title}>What runs the network</h2>
      <p className={styles.lead}>{explain(state)}</p>
      {report && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Backend</th>
              <th scope="col">Adapter</th>
              <th scope="col" className={styles.number}>
                Measured
              </th>
            </tr>
          </thead>
          <tbody>
            {report.candidates.map((candidate) => (
              <Row
                key={candidate.backend}
                candidate={candidate}
                chosen={candidate.backend === report.backend}
              />
            ))}
          </tbody>
        </table>
      )}
      <p className={styles.foot}>
        Measured: one small transposed convolution, median. Write <code>?backend=wasm</code> (or
        webgpu, webgl) into the address to force one.
      </p>
    </Popover>
  );
}

function Row({ candidate, chosen }: { candidate: BackendCandidate; chosen: boolean }) {
  const { backend, adapter, available, software, measuredMs, reason } = candidate;
  return (
    <tr className={cx(chosen && styles.chosen, !available && styles.off)}>
      <th scope="row">
        {NAMES[backend]}
        {chosen && <span className={styles.mark}>in use</span>}
      </th>
      <td>
        {adapter || 'none'}
        {software && <span className={styles.mark}>software</span>}
        {reason !== null && <span className={styles.reason}>{reason}</span>}
      </td>
      <td className={styles.number}>{measuredMs === null ? '' : formatMs(measuredMs)}</td>
    </tr>
  );
}

function badgeText(state: DeviceState): string {
  return badgeParts(state).join(' · ');
}

/** The first part says most: a phone shows no more. */
function badgeParts({ status, report, progress }: DeviceState): [string, ...string[]] {
  if (status === 'starting') {
    return [progress ? `Starting ${percent(progress.fraction)}` : 'Starting'];
  }
  if (status === 'lost') return ['Device lost'];
  if (status === 'rebuilding') return ['Rebuilding'];
  if (status === 'failed' || !report) return ['No device'];
  const { backend, adapter, software, measuredMs } = report;
  const parts: [string, ...string[]] = [NAMES[backend]];
  if (software) parts.push('software');
  else if (adapter !== '') parts.push(adapter);
  if (measuredMs !== null) parts.push(formatMs(measuredMs));
  return parts;
}

function explain({ status, report, error, progress }: DeviceState): string {
  if (status === 'starting') return progress?.label ?? 'The device is being looked for.';
  if (status === 'lost') return 'The device went away. It is being set up again.';
  if (status === 'rebuilding') return 'The device is being set up again; your work is kept.';
  if (status === 'failed') return `${error?.message ?? 'No backend works.'} ${error?.hint ?? ''}`;
  return report ? explainReport(report) : '';
}

function explainReport({ backend, adapter, software, forced }: DeviceReport): string {
  const on = adapter === '' ? '' : ` on ${adapter}`;
  const why = forced ? ', because the address asks for it' : ', the fastest that was found';
  const slow = software ? ' It is software that stands in for a GPU: correct, but slow.' : '';
  return `${NAMES[backend]}${on}${why}.${slow} Everything is computed on this device.`;
}

function formatMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

/** Numbers of a training in words, as short as they can be. */
import type { RunStatus } from '../../session/training/training';

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** '45 s', '3 min 20 s', '2 h 5 min'. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) {
    const rest = whole % 60;
    return `${Math.floor(whole / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
  }
  const minutes = Math.round((whole % 3600) / 60);
  return `${Math.floor(whole / 3600)} h${minutes === 0 ? '' : ` ${minutes} min`}`;
}

/** As an estimate deserves: 'about 2 min', to ten seconds, from ten minutes on to whole ones. */
export function formatRoughly(seconds: number): string {
  const unit = seconds < 50 ? 1 : seconds < 600 ? 10 : 60;
  return `about ${formatDuration(Math.round(seconds / unit) * unit)}`;
}

export function formatMs(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 2000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** '412 k', '1.3 million', which no line break parts. */
export function formatWeights(count: number): string {
  return count < 1e6
    ? `${Math.round(count / 1e3)}\u00a0k`
    : `${(count / 1e6).toFixed(1)}\u00a0million`;
}

/** 'D is blind: over …' as its head and the sentence that follows, which is empty where there is none. */
export function headAndRest(message: string): [head: string, rest: string] {
  const at = message.indexOf(': ');
  if (at < 0) return [message, ''];
  const rest = message.slice(at + 2);
  return [message.slice(0, at), rest.charAt(0).toUpperCase() + rest.slice(1)];
}

/** 'just now', '4 minutes ago', '27 November'. */
export function formatAge(at: number, now: number): string {
  const minutes = Math.round((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago`;
  if (minutes < 24 * 60) {
    const hours = Math.round(minutes / 60);
    return `${hours} ${hours === 1 ? 'hour' : 'hours'} ago`;
  }
  return new Date(at).toLocaleDateString('en', { day: 'numeric', month: 'long' });
}

export const STATUS_WORDS: Record<RunStatus, string> = {
  none: 'No run',
  preparing: 'Preparing',
  running: 'Training',
  paused: 'Paused',
  finished: 'Finished',
  interrupted: 'Interrupted',
};

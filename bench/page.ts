/** What the bench and the specs measure on the built page, so that both mean the same by a word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from '@playwright/test';

declare global {
  interface Window {
    /** When the first picture stood on the page, in milliseconds after navigation. */
    firstFaceMs?: number;
  }
}

/** Gzipped bytes that the shell's JavaScript may have. */
export const SHELL_LIMIT = 180_000;

/** Opens a page and waits for its first picture; how long that took in milliseconds. */
export async function openToFirstFace(page: Page, url: string): Promise<number> {
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('[data-testid="face"][data-painted="true"]')) return;
      window.firstFaceMs = performance.now();
      observer.disconnect();
    });
    observer.observe(document, {
      ...{ subtree: true, childList: true, attributes: true },
      attributeFilter: ['data-painted'],
    });
  });
  await page.goto(url);
  await page.waitForFunction(() => window.firstFaceMs !== undefined);
  return page.evaluate(() => window.firstFaceMs ?? NaN);
}

/**
 * The shell's JavaScript: gzipped bytes of the scripts that the document itself asked for before its first
 * picture. Not in it: workers, which run beside the page, and what the page loads afterwards.
 */
export async function shellBytes(page: Page, dist: string): Promise<number> {
  const paths = await page.evaluate(() => {
    const until = window.firstFaceMs ?? Infinity;
    const asked = performance.getEntriesByType('resource').filter((one) => one.startTime < until);
    return asked.map(({ name }) => new URL(name).pathname);
  });
  const asked = new Set(paths.filter((path) => path.endsWith('.js')).map(fileOf));
  const workers = [...asked].filter((file) => /worker-[^/]*$/.test(file));
  // A document's entries name what its workers import, too.
  const ofWorkers = importedBy(workers, dist);
  const ofPage = importedBy(
    [...asked].filter((file) => !ofWorkers.has(file)),
    dist,
  );
  const sizes = [...asked]
    .filter((file) => ofPage.has(file))
    .map((file) => gzipSync(readFileSync(join(dist, file))).length);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The file of the built page, whatever prefix it is served under. */
function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('assets/'));
}

/** These scripts and all that they import for certain, not on demand. */
function importedBy(files: readonly string[], dist: string): Set<string> {
  const found = new Set<string>();
  const queue = [...files];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = readFileSync(join(dist, file), 'utf8');
    for (const [, name] of text.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)) {
      queue.push(`assets/${name}`);
    }
  }
  return found;
}

/** Milliseconds of the longest frame while a list inside a scrolling element goes by from end to end in 40 steps. */
export function longestFrame(list: Locator): Promise<number> {
  return list.evaluate(async (element) => {
    const box = element.parentElement!;
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    let [before, most] = [await frame(), 0];
    const end = box.scrollHeight - box.clientHeight;
    for (let step = 0; step <= 40; step++) {
      box.scrollTop = (end * step) / 40;
      const now = await frame();
      most = Math.max(most, now - before);
      before = now;
    }
    return most;
  });
}

export interface LongestTask {
  /** Milliseconds from its begin to its end, of which others may have had the processor for a while. */
  wallMs: number;
  /** Milliseconds of the processor's time in the task that took most of it. */
  processorMs: number;
  /** Steps of training that were done meanwhile. */
  steps: number;
}

/** The longest task of the page's main thread during `ms` of training, from a trace by Chromium. */
export async function longestTaskInTraining(page: Page, ms: number): Promise<LongestTask> {
  const browser = page.context().browser()!;
  const step = async () =>
    Number((await page.getByTestId('train-step').innerText()).replaceAll(',', ''));
  const first = await step();
  await browser.startTracing(page, { categories: ['toplevel'] });
  await page.waitForTimeout(ms);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const events = trace.traceEvents;
  const mains = events.filter(({ name, args }) => {
    return name === 'thread_name' && args?.name === 'CrRendererMain';
  });
  const tasks = events.filter(({ name, pid, tid }) => {
    const isTask = name === 'ThreadControllerImpl::RunTask';
    return isTask && mains.some((main) => main.pid === pid && main.tid === tid);
  });
  if (tasks.length === 0) throw new Error('The trace has no task of the main thread.');
  const most = (of: (task: TraceEvent) => number | undefined) =>
    tasks.reduce((longest, task) => Math.max(longest, (of(task) ?? 0) / 1000), 0);
  const [wallMs, processorMs] = [most(({ dur }) => dur), most(({ tdur }) => tdur)];
  return { wallMs, processorMs, steps: (await step()) - first };
}

/** Times in microseconds. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  dur?: number;
  /** Of the processor. */
  tdur?: number;
  args?: { name?: string };
}

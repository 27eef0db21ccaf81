import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuTimeMs } from '../stage/cpu-time.ts';
import type { AreaOrder } from './area-process.ts';
import { type Progress, ProgressFile, noProgress } from './progress-file.ts';
import type { RoundReport } from './round-loop.ts';

/** How the process of an area ended. */
export interface ProcessEnd {
  /** `hang`: one round took longer than the limit and the process was killed. `stopped`: it was asked to end. */
  readonly how: 'done' | 'hang' | 'died' | 'stopped';
  /** The round that was in progress; -1 when none had begun. */
  readonly round: number;
  readonly progress: Progress;
  /** What it wrote to standard error at the end. */
  readonly lastWords: string;
}

export interface WatchParams {
  readonly order: AreaOrder;
  readonly limitMs: number;
  /** Old space of the process: what a round may keep at once. */
  readonly heapMib: number;
  readonly signal: AbortSignal;
  readonly onReport: (report: RoundReport) => void;
  readonly onProgress?: (progress: Progress) => void;
}

const PROCESS = fileURLToPath(new URL('./area-process.ts', import.meta.url));
const LOOK_EVERY_MS = 50;
const OPENING_LIMIT_MS = 120_000;
const LAST_WORDS = 8_000;
/** Whoever has used less of the processor than this part of his limit has nothing to do: he waits for what never comes. */
const IDLE_PART = 20;
/** What is kept from the processor is waited for this many times its limit. */
const LONGEST_WAIT_FACTOR = 20;

/** Runs one order in a process of its own, and kills it when a round takes too long or the signal comes. */
export async function runWatched(params: WatchParams): Promise<ProcessEnd> {
  const { order, limitMs, signal } = params;
  const writer = new ProgressFile(order.progressFile, 'write');
  writer.write(noProgress());
  writer.close();
  const file = new ProgressFile(order.progressFile, 'read');
  const child = fork(PROCESS, [], {
    execArgv: [`--max-old-space-size=${params.heapMib}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // What a killed process leaves behind goes with the folder.
    env: { ...process.env, TMPDIR: dirname(order.progressFile) },
  });
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (lastWords = (lastWords + text).slice(-LAST_WORDS)));
  child.on('message', (report) => params.onReport(report as RoundReport));
  const watch = watchRounds(child, { file, limitMs, signal, onProgress: params.onProgress });
  child.send(order);
  const [code] = (await once(child, 'close')) as [number | null];
  const killedFor = watch.stop();
  const progress = file.read();
  file.close();
  const how = killedFor ?? (code === 0 ? 'done' : 'died');
  return { how, round: progress.round, progress, lastWords };
}

/** Kills the child when its round stays the same for too long; `stop` says why it was killed. */
function watchRounds(
  child: ChildProcess,
  params: Pick<WatchParams, 'limitMs' | 'signal'> & {
    readonly file: ProgressFile;
    readonly onProgress: WatchParams['onProgress'];
  },
): { stop(): 'hang' | 'stopped' | undefined } {
  let killedFor: 'hang' | 'stopped' | undefined;
  let round = Number.NaN;
  let since = 0;
  let cpuBefore = 0;
  const kill = (why: 'hang' | 'stopped'): void => {
    killedFor ??= why;
    child.kill('SIGKILL');
  };
  const stopped = (): void => kill('stopped');
  const timer = setInterval(() => {
    const progress = params.file.read();
    params.onProgress?.(progress);
    if (progress.round !== round) {
      round = progress.round;
      since = performance.now();
      cpuBefore = cpuTimeMs(child.pid ?? 0);
      return;
    }
    const limitMs = round < 0 ? OPENING_LIMIT_MS : params.limitMs;
    const spentMs = performance.now() - since;
    if (spentMs > limitMs && !isHeldUp({ limitMs, spentMs, cpuMs: cpuTimeMs(child.pid ?? 0) - cpuBefore }))
      kill('hang');
  }, LOOK_EVERY_MS);
  if (params.signal.aborted) stopped();
  params.signal.addEventListener('abort', stopped);
  return {
    stop: () => {
      clearInterval(timer);
      params.signal.removeEventListener('abort', stopped);
      return killedFor;
    },
  };
}

/** True of a round that has something to do, and of which other programs keep the processor; not where nothing tells that. */
function isHeldUp(round: { readonly limitMs: number; readonly spentMs: number; readonly cpuMs: number }): boolean {
  const { limitMs, spentMs, cpuMs } = round;
  return cpuMs > limitMs / IDLE_PART && cpuMs < limitMs && spentMs < limitMs * LONGEST_WAIT_FACTOR;
}

import { setImmediate } from 'node:timers/promises';
import { messageOf } from '../../src/core/error.ts';
import type { Json } from '../../src/core/json.ts';
import type { Area, Target } from './area.ts';
import { Random } from './generate/random.ts';
import { noProgress, type ProgressFile } from './progress-file.ts';

/** What a process tells of a round that it has survived. */
export interface RoundReport {
  readonly round: number;
  readonly kind: 'broken' | 'slow';
  readonly message: string;
  /** What was judged; absent where it was not one input. */
  readonly input?: Json;
}

/** Which rounds of an area to do, and where to tell of them. */
export interface RoundsParams {
  readonly area: Area;
  readonly seed: number;
  readonly from: number;
  /** Up to, but not including, this round. */
  readonly to: number;
  /** The input of the only round, instead of the one that belongs to it. */
  readonly input?: Json;
  readonly progress: ProgressFile;
  /** Resolves once the report has left the process: the next round may kill it. */
  readonly report: (report: RoundReport) => Promise<void>;
}

/** So that signals and the end of the parent are noticed between rounds. */
const REST_EVERY = 256;

/** Does one round after another, and tells of those that went wrong. */
export async function runRounds(params: RoundsParams): Promise<void> {
  const { area, seed, from, to, progress, report } = params;
  const done = noProgress();
  progress.write(done);
  const target = await area.open();
  let auditedTo = from;
  try {
    for (let round = from; round < to; round++) {
      done.round = round;
      progress.write(done);
      const input = params.input ?? area.generate(Random.ofRound({ seed, area: area.name, round }));
      const start = performance.now();
      const cpu = process.cpuUsage();
      const verdict = await judge(target, input);
      const tookMs = performance.now() - start;
      if (tookMs > done.longestMs) Object.assign(done, { longestMs: tookMs, longestRound: round });
      if (typeof verdict === 'string') done[verdict] += 1;
      else await report({ round, kind: 'broken', message: verdict.message, input });
      // What other programs take from this one is not the round's doing.
      if (tookMs > area.limitMs && cpuMsSince(cpu) > area.limitMs) {
        await report({ round, kind: 'slow', message: `took ${Math.round(tookMs)} ms` });
      }
      if (round % REST_EVERY === 0) await rest(done);
      if (area.auditEvery !== undefined && (round + 1 - auditedTo >= area.auditEvery || round + 1 === to)) {
        const message = await audit(target, auditedTo, round);
        if (message !== undefined) await report({ round, kind: 'broken', message });
        auditedTo = round + 1;
      }
    }
    await rest(done);
    progress.write(done);
  } finally {
    await target.close();
  }
}

async function rest(done: { peakMemoryKib: number }): Promise<void> {
  Object.assign(done, { peakMemoryKib: process.resourceUsage().maxRSS });
  await setImmediate();
}

/** Of all threads of the process, in milliseconds. */
function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function judge(target: Target, input: Json): Promise<'accepted' | 'refused' | { readonly message: string }> {
  try {
    return await target.judge(input);
  } catch (thrown) {
    return { message: describe(thrown) };
  }
}

async function audit(target: Target, from: number, to: number): Promise<string | undefined> {
  try {
    await target.audit?.();
    return undefined;
  } catch (thrown) {
    return `after rounds ${from} to ${to}: ${describe(thrown)}`;
  }
}

/** The message, and where it was thrown: for the person who looks for the cause. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `threw ${messageOf(thrown)}`;
  const places = (thrown.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return [`${thrown.name}: ${thrown.message.slice(0, 2000)}`, ...places.slice(0, 8)].join('\n');
}

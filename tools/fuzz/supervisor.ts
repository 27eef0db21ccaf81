import { join } from 'node:path';
import type { Json } from '../../src/core/json.ts';
import type { Area, FoundFailure } from './area.ts';
import { Random } from './generate/random.ts';
import { type Progress, noProgress } from './progress-file.ts';
import { type ProcessEnd, runWatched } from './watched-process.ts';

/** An area and the module that a process loads it from. */
export interface AreaSource {
  readonly area: Area;
  /** A `file:` URL. */
  readonly module: string;
}

export interface SuperviseParams {
  readonly source: AreaSource;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The input of the only round. */
  readonly input?: Json;
  /** For the file through which the processes tell how far they are. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** What a round may keep in memory at once; 1 GiB when nothing is said. */
  readonly heapMib?: number;
  readonly onFailure: (failure: FoundFailure) => void;
  readonly onProgress?: (verdict: AreaVerdict) => void;
}

/** What came of the rounds of one area. */
export interface AreaVerdict {
  readonly area: string;
  /** Rounds that were begun. */
  readonly rounds: number;
  readonly accepted: number;
  readonly refused: number;
  readonly failures: number;
  /** Rounds that were too slow once and not again. */
  readonly stalls: number;
  readonly longestMs: number;
  readonly longestRound: number;
  readonly peakMemoryKib: number;
  /** False when the rounds were not all done: stopped, or too many failures. */
  readonly complete: boolean;
}

const DEFAULT_HEAP_MIB = 1024;
const MOST_FAILURES = 100;
/** A busy machine makes any round slow once in a while; an input that hangs does so every time. */
const CONFIRM_LIMIT_FACTORS = [3, 6] as const;

/**
 * Does all rounds of an area. A round that hangs or kills its process is a failure, and the rounds go on after it.
 * Rejects when the area cannot even be opened.
 */
export async function superviseArea(params: SuperviseParams): Promise<AreaVerdict> {
  const supervisor = new Supervisor(params);
  await supervisor.run();
  return supervisor.verdict(noProgress());
}

class Supervisor {
  readonly #params: SuperviseParams;
  readonly #total = noProgress();
  /** Ends the process at work once there is more to look at than anybody will. */
  readonly #enough = new AbortController();
  /** Rounds that took too long, to be tried again once the process is free. */
  readonly #slow: number[] = [];
  #next: number;
  #failures = 0;
  #stalls = 0;

  constructor(params: SuperviseParams) {
    this.#params = params;
    this.#next = params.from;
  }

  async run(): Promise<void> {
    const { to, signal } = this.#params;
    while (this.#next < to && !signal.aborted && this.#failures < MOST_FAILURES) {
      const end = await this.#runFrom(this.#next);
      this.#add(end.progress);
      if (end.how === 'done') this.#next = to;
      else this.#next = this.#afterBadEnd(end);
      for (const round of this.#slow.splice(0)) await this.#confirmHang(round);
    }
  }

  /** The state of things, `current` being what the process now at work has done. */
  verdict(current: Progress): AreaVerdict {
    const { source, from, to } = this.#params;
    const isLonger = current.longestMs > this.#total.longestMs;
    return {
      area: source.area.name,
      rounds: (current.round < 0 ? this.#next : current.round + 1) - from,
      accepted: this.#total.accepted + current.accepted,
      refused: this.#total.refused + current.refused,
      failures: this.#failures,
      stalls: this.#stalls,
      longestMs: isLonger ? current.longestMs : this.#total.longestMs,
      longestRound: isLonger ? current.longestRound : this.#total.longestRound,
      peakMemoryKib: Math.max(this.#total.peakMemoryKib, current.peakMemoryKib),
      complete: this.#next >= to,
    };
  }

  #runFrom(from: number): Promise<ProcessEnd> {
    const { to, onProgress, source } = this.#params;
    return this.#process({
      from,
      to,
      limitMs: source.area.limitMs,
      onReport: ({ round, kind, message, input }) => {
        if (kind === 'slow') this.#slow.push(round);
        else this.#fail(round, 'broken', message, input);
      },
      onProgress: (progress) => onProgress?.(this.verdict(progress)),
    });
  }

  #process(
    params: { readonly from: number; readonly to: number; readonly limitMs: number } & Pick<
      Parameters<typeof runWatched>[0],
      'onReport' | 'onProgress'
    >,
  ): Promise<ProcessEnd> {
    const { source, seed, folder, input, heapMib = DEFAULT_HEAP_MIB } = this.#params;
    const { from, to, ...watch } = params;
    const progressFile = join(folder, `${source.area.name}.progress`);
    const given = input === undefined ? {} : { input };
    const order = { module: source.module, seed, from, to, progressFile, ...given };
    const signal = AbortSignal.any([this.#params.signal, this.#enough.signal]);
    return runWatched({ ...watch, order, heapMib, signal });
  }

  /** The round to go on with after a process that did not come to its end. */
  #afterBadEnd({ how, round, lastWords }: ProcessEnd): number {
    if (how === 'stopped') return Math.max(round, this.#next);
    if (round < 0) throw new Error(`the area ${this.#params.source.area.name} cannot be opened: ${lastWords}`);
    if (how === 'hang') this.#slow.push(round);
    else this.#failDead(round, lastWords);
    return round + 1;
  }

  #failDead(round: number, lastWords: string): void {
    this.#fail(
      round,
      isOutOfMemory(lastWords) ? 'memory' : 'crash',
      lastWords.trim() || 'the process died without a word',
    );
  }

  async #confirmHang(round: number): Promise<void> {
    const { limitMs } = this.#params.source.area;
    for (const factor of CONFIRM_LIMIT_FACTORS) {
      let isSlow = false;
      const end = await this.#process({
        from: round,
        to: round + 1,
        limitMs: limitMs * factor,
        onReport: ({ kind }) => (isSlow ||= kind === 'slow'),
      });
      if (end.how === 'stopped') return;
      // Running out of memory can look like a hang for a while, and so can the long story that Node tells of it.
      if (end.how === 'died' || isOutOfMemory(end.lastWords)) return this.#failDead(round, end.lastWords);
      if (end.how !== 'hang' && !isSlow) {
        this.#stalls += 1;
        return;
      }
    }
    this.#fail(round, 'hang', `took more than ${limitMs} ms, ${CONFIRM_LIMIT_FACTORS.length + 1} times in a row`);
  }

  #fail(round: number, kind: FoundFailure['kind'], message: string, judged?: Json): void {
    const { source, seed, onFailure } = this.#params;
    this.#failures += 1;
    if (this.#failures >= MOST_FAILURES) this.#enough.abort();
    const input = judged ?? this.#params.input ?? inputOf(source.area, seed, round);
    onFailure({ area: source.area.name, seed, round, kind, message, input });
  }

  #add(progress: Progress): void {
    const { accepted, refused, longestMs, longestRound, peakMemoryKib } = progress;
    this.#total.accepted += accepted;
    this.#total.refused += refused;
    this.#total.peakMemoryKib = Math.max(this.#total.peakMemoryKib, peakMemoryKib);
    if (longestMs > this.#total.longestMs) Object.assign(this.#total, { longestMs, longestRound });
  }
}

function isOutOfMemory(lastWords: string): boolean {
  return /heap out of memory|heap limit/iu.test(lastWords);
}

/** The input of a round, made again. */
export function inputOf(area: Area, seed: number, round: number): Json {
  return area.generate(Random.ofRound({ seed, area: area.name, round }));
}

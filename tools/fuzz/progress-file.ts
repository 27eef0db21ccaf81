import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** How far an area has come. Kept in a file, because a process that hangs or dies cannot say it. */
export interface Progress {
  /** The round in progress; -1 until the first has begun. */
  round: number;
  accepted: number;
  refused: number;
  longestMs: number;
  longestRound: number;
  peakMemoryKib: number;
}

const MEMBERS = ['round', 'accepted', 'refused', 'longestMs', 'longestRound', 'peakMemoryKib'] as const;
const NUMBER_BYTES = 8;

/** Nothing done yet. */
export function noProgress(): Progress {
  return { round: -1, accepted: 0, refused: 0, longestMs: 0, longestRound: -1, peakMemoryKib: 0 };
}

/** The progress of one process, written by it and read by another. */
export class ProgressFile {
  readonly #file: number;
  readonly #numbers = new Float64Array(MEMBERS.length);
  readonly #bytes = new Uint8Array(this.#numbers.buffer);

  constructor(path: string, mode: 'read' | 'write') {
    this.#file = openSync(path, mode === 'write' ? 'w+' : 'r');
  }

  /** Takes a few microseconds. */
  write(progress: Readonly<Progress>): void {
    for (const [index, member] of MEMBERS.entries()) this.#numbers[index] = progress[member];
    writeSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
  }

  /** What was written last; nothing done when nothing was written yet. */
  read(): Progress {
    const progress = noProgress();
    const read = readSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
    if (read < MEMBERS.length * NUMBER_BYTES) return progress;
    for (const [index, member] of MEMBERS.entries()) progress[member] = this.#numbers[index] ?? 0;
    return progress;
  }

  close(): void {
    closeSync(this.#file);
  }
}

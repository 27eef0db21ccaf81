import type { WakeHint } from '../core/dispatcher.ts';
import type { RunId } from '../core/run.ts';

/** Hints that are sent as one. */
export interface HintBatch {
  readonly runs: readonly RunId[];
  /** Milliseconds from now; 0: at once. */
  readonly delayMs: number;
}

/** How long hints gather before they are sent. */
const GATHER_MS = 5;
/** Hints for later are sent together when they lie in the same piece of time; each waits for its end. */
const ROUND_MS = 50;
/** Beyond it the sweep is punctual enough, and nothing has to be kept that long. */
const LONGEST_DELAY_MS = 10 * 60_000;

/** Gathers hints for a moment, and gives them on in batches: a message costs as much as a hundred hints in it. */
export class HintBatches {
  readonly #send: (batches: readonly HintBatch[]) => void;
  readonly #mostInBatch: number;
  /** By the delay in pieces of time. */
  readonly #gathered = new Map<number, Set<RunId>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (batches: readonly HintBatch[]) => void, mostInBatch: number) {
    this.#send = send;
    this.#mostInBatch = mostInBatch;
  }

  add(hints: readonly WakeHint[], now: number): void {
    for (const { run, at = now } of hints) {
      const delayMs = Math.max(0, at - now);
      if (delayMs > LONGEST_DELAY_MS) continue;
      const piece = Math.ceil(delayMs / ROUND_MS);
      const runs = this.#gathered.get(piece);
      if (runs === undefined) this.#gathered.set(piece, new Set([run]));
      else runs.add(run);
    }
    if (this.#gathered.size > 0) this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  /** Forgets what has not been sent. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#gathered.clear();
  }

  #flush(): void {
    const batches = [...this.#gathered].flatMap(([piece, runs]) =>
      inPieces([...runs], this.#mostInBatch).map((some) => ({ runs: some, delayMs: piece * ROUND_MS })),
    );
    this.clear();
    this.#send(batches);
  }
}

function inPieces(runs: readonly RunId[], most: number): (readonly RunId[])[] {
  const count = Math.ceil(runs.length / most);
  return Array.from({ length: count }, (_, index) => runs.slice(index * most, (index + 1) * most));
}

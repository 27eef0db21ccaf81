import { MapwrightError } from '../core/error.ts';

/** How much one evaluation may use; undefined members take the defaults. */
export interface JsonataBudget {
  /** Wall-clock time for the whole evaluation. */
  readonly timeoutMs?: number;
  /** Evaluations in progress at once: nesting, and the members of one array or grouping. */
  readonly maxDepth?: number;
  /** Members of one sequence. */
  readonly maxSequence?: number;
}

/** Greatest length of a text, in UTF-16 units, and greatest expanded size of a built value. */
export const MAX_RESULT_SIZE = 16 * 1024 * 1024;

/** What one evaluation may take when nothing is said. */
export const DEFAULT_TIMEOUT_MS = 1000;
const DEFAULT_MAX_DEPTH = 10_000;
const DEFAULT_MAX_SEQUENCE = 100_000;
/** What all values built by one evaluation may add up to, in rough bytes: garbage counts, because it may be kept. */
const MAX_SPENT = 256 * 1024 * 1024;
const SIZE_OF_SCALAR = 8;
/** What one evaluation may wait for lookups besides its own time. */
const PATIENCE_MS = 30_000;
/** Looking at the clock costs as much as a short step. */
const STEPS_PER_LOOK = 8;

/** An EXPRESSION_TOO_LARGE error. */
export function tooLarge(what: string): MapwrightError {
  return new MapwrightError('EXPRESSION_TOO_LARGE', `the expression was stopped: ${what}`, {
    hint: 'work on less data at a time',
  });
}

/**
 * The limits of one evaluation, of JSONata or of a legacy expression. JSONata bounds its own loops; this bounds what it
 * does not know about: built-in functions, texts, and values that share parts (small in memory, endless when written out).
 */
export class JsonataGuard {
  readonly timeoutMs: number;
  readonly maxDepth: number;
  readonly maxSequence: number;
  #deadline: number | undefined;
  /** Made when it is first needed: most evaluations build no lists. */
  #sizes: WeakMap<object, number> | undefined;
  #spent = 0;
  #steps = 0;
  #patienceMs = PATIENCE_MS;

  /** With an idle clock the time begins to count when it is first looked at. */
  constructor(budget: JsonataBudget, clock: 'running' | 'idle' = 'running') {
    this.timeoutMs = budget.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.maxDepth = budget.maxDepth ?? DEFAULT_MAX_DEPTH;
    this.maxSequence = budget.maxSequence ?? DEFAULT_MAX_SEQUENCE;
    if (clock === 'running') this.startClock();
  }

  /** Begins to count the time, unless that has happened. */
  startClock(): void {
    this.#deadline ??= performance.now() + this.timeoutMs;
  }

  /** For what is short in itself and may occur very often: looks at the time once in a while. */
  countStep(): void {
    this.#steps += 1;
    if (this.#steps % STEPS_PER_LOOK === 0) this.checkTime();
  }

  /** Throws EXPRESSION_TIMEOUT once the time is over. */
  checkTime(): void {
    const now = performance.now();
    this.#deadline ??= now + this.timeoutMs;
    if (now > this.#deadline) {
      throw new MapwrightError('EXPRESSION_TIMEOUT', `the expression took longer than ${this.timeoutMs} ms`);
    }
  }

  /** Waits for somebody else, which costs none of the evaluation's own time; 30 s in all at most. */
  async waitFor<T>(work: Promise<T>): Promise<T> {
    this.checkTime();
    const since = performance.now();
    const value = await work;
    const waited = Math.min(performance.now() - since, this.#patienceMs);
    this.#patienceMs -= waited;
    if (this.#deadline !== undefined) this.#deadline += waited;
    return value;
  }

  /** Throws EXPRESSION_TOO_LARGE when a text of this length may not be built. */
  checkLength(length: number): void {
    if (length > MAX_RESULT_SIZE) throw tooLarge(`it builds a text of ${length} characters`);
  }

  /** Accounts for a value that the evaluation has just built; throws EXPRESSION_TOO_LARGE when it is too much. */
  admit(value: unknown): void {
    this.#spend(typeof value === 'string' ? value.length : Array.isArray(value) ? value.length * SIZE_OF_SCALAR : 0);
    this.checkSize(value);
  }

  /** Throws EXPRESSION_TOO_LARGE for a value that is too large, wherever it came from. */
  checkSize(value: unknown): void {
    if (this.sizeOf(value) > MAX_RESULT_SIZE) throw tooLarge('it builds a value of more than 16 MiB');
  }

  /** As `admit` for a text joined from two: those share memory with their parts, so only long ones are counted. */
  admitJoined(text: string): void {
    this.checkLength(text.length);
    if (text.length > 1024 * 1024) this.#spend(text.length);
  }

  /** The size a value has when written out, parts that occur twice counted twice. */
  sizeOf(value: unknown): number {
    if (typeof value === 'string') return value.length + SIZE_OF_SCALAR;
    if (typeof value !== 'object' || value === null || isCallable(value)) return SIZE_OF_SCALAR;
    this.#sizes ??= new WeakMap();
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    let size = SIZE_OF_SCALAR;
    if (Array.isArray(value)) for (const member of value) size += this.sizeOf(member);
    else for (const [name, member] of Object.entries(value)) size += name.length + this.sizeOf(member);
    this.#sizes.set(value, size);
    return size;
  }

  #spend(size: number): void {
    this.#spent += size;
    if (this.#spent > MAX_SPENT) throw tooLarge('it builds more than 256 MiB in all');
  }
}

/** True for a function value: a JavaScript function, or JSONata's record of a lambda or built-in. */
export function isCallable(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '_jsonata_lambda') || Object.hasOwn(value, '_jsonata_function');
}

/** Work that stops after each piece of a millisecond at most, and gives what it came to. */
export type PiecewiseWork<T> = Generator<void, T>;

/** How long such work goes on before others have their turn, milliseconds. */
const SLICE_MS = 1;
/** How long others have their turn, while there are any: all such work together takes about a quarter of the time. */
const REST_MS = 3;
/** Slices in a row, between two rests, while nobody else has anything to do. */
const SLICES_ALONE = 16;
/** The share of a rest in which nothing was done that shows that. */
const IDLE_SHARE = 0.8;

/** Somebody who has work left. */
interface Waiting {
  readonly size: number;
  readonly ticket: number;
  readonly go: () => void;
}

/** The smallest first; of one size those that began first. */
const waiting: Waiting[] = [];
let lastTicket = 0;
let isGoingOn = false;
let isAlone = true;
let sinceRest = 0;

/**
 * Does work that may take long: what takes no more than a slice is done at once, the rest in turn with all other such work
 * of this process, a slice at a time. Saves and other runs wait for one slice at most, however much of it there is.
 * @param size of what is worked on; smaller work goes first, and of large work one after the other is done, so that few
 *   values stand half built in memory
 */
export async function inSlices<T>(work: PiecewiseWork<T>, size: number): Promise<T> {
  const ticket = ++lastTicket;
  let result = slice(work);
  while (result.done !== true) {
    await turn({ size, ticket });
    result = slice(work);
  }
  return result.value;
}

function turn({ size, ticket }: Omit<Waiting, 'go'>): Promise<void> {
  return new Promise((go) => {
    const behind = waiting.findIndex((other) => other.size > size || (other.size === size && other.ticket > ticket));
    waiting.splice(behind === -1 ? waiting.length : behind, 0, { size, ticket, go });
    if (!isGoingOn) void goOn();
  });
}

/** Gives one slice after the other to whoever stands first, with a rest before each. */
async function goOn(): Promise<void> {
  isGoingOn = true;
  while (waiting.length > 0) {
    await rest();
    waiting.shift()?.go();
    // It takes its slice, and its place among those who wait, before anything else happens.
    await Promise.resolve();
  }
  isGoingOn = false;
}

/** Does work that stops after each piece without a stop. */
export function atOnce<T>(work: PiecewiseWork<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function slice<T>(work: PiecewiseWork<T>): IteratorResult<void, T> {
  const until = performance.now() + SLICE_MS;
  for (;;) {
    const result = work.next();
    if (result.done === true || performance.now() >= until) return result;
  }
}

/** Lets others have their turn; for longer when there are any. */
async function rest(): Promise<void> {
  sinceRest += 1;
  if (isAlone && sinceRest < SLICES_ALONE) return new Promise((resolve) => void setImmediate(resolve));
  sinceRest = 0;
  const [startedAt, { idle }] = [performance.now(), performance.eventLoopUtilization()];
  await new Promise((resolve) => void setTimeout(resolve, REST_MS));
  const idleMs = performance.eventLoopUtilization().idle - idle;
  isAlone = idleMs >= (performance.now() - startedAt) * IDLE_SHARE;
}

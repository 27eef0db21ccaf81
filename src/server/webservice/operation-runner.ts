import type { JsonObject } from '../../core/json.ts';
import type { OperationQueue, QueuedOperation, WaitingOperation } from '../../core/operation-queue.ts';
import type { AcceptingQueue } from './queued-operations.ts';

/** What queued operations are carried out with. */
export interface RunnerParts {
  readonly queue: OperationQueue;
  readonly clock: { now(): number };
  /** The envelope of the operation's answer, also of a failure. Rejects when trying again later may help. */
  readonly carryOut: (operation: QueuedOperation) => Promise<JsonObject>;
  /** The envelope for an operation that is tried no more, because the process ended at each of its attempts. */
  readonly giveUp: (operation: WaitingOperation) => JsonObject;
  /** Told of what keeps the queue from going on. */
  readonly log: (error: unknown) => void;
}

/** The queue of an install, being worked on between `start` and `stop`. */
export interface OperationRunner extends AcceptingQueue {
  /** Carries out what is due, and whatever becomes due; what an earlier process left too. */
  start(): void;
  /** Begins no other operation; resolves when those under way have ended. */
  stop(): Promise<void>;
  /** Carries out what is due now, once; gives how many. */
  round(): Promise<number>;
}

const AT_ONCE = 64;
/** Ends of the process during an operation after which it is not begun again. */
const MOST_ATTEMPTS = 3;
const KEPT_MS = 30 * 24 * 3_600_000;
/** No longer without looking: the clock may have been set. */
const LONGEST_PAUSE_MS = 30_000;
const AFTER_FAILURE_MS = 5_000;

/**
 * Carries out queued operations when they are due: those of one user one after another, in their order; those of
 * different users beside each other. An operation stays in the queue until its answer is kept, or until the process has
 * ended three times while it was carried out.
 */
export function createOperationRunner(parts: RunnerParts): OperationRunner {
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOpen = false;
  let isStopping = false;
  let wakesAt = Infinity;
  const wake = (pauseMs: number): void => {
    clearTimeout(timer);
    if (!isOpen) return;
    const pause = Math.max(0, Math.min(pauseMs, LONGEST_PAUSE_MS));
    wakesAt = parts.clock.now() + pause;
    timer = setTimeout(() => void (running ??= work()), pause);
    timer.unref();
  };
  const carryOutDue = (): Promise<number> => round(parts, () => isStopping);
  const work = async (): Promise<void> => {
    let pauseMs = AFTER_FAILURE_MS;
    try {
      while (isOpen && (await carryOutDue()) > 0);
      const next = await parts.queue.nextDue();
      pauseMs = next === undefined ? LONGEST_PAUSE_MS : next - parts.clock.now();
    } catch (thrown) {
      parts.log(thrown);
    } finally {
      running = undefined;
      wake(pauseMs);
    }
  };
  return {
    async accept(operation) {
      await parts.queue.add(operation);
      // What is due later leaves the time as it is at which something else is due.
      if (running === undefined && operation.dueAt < wakesAt) wake(operation.dueAt - parts.clock.now());
    },
    result: (id) => parts.queue.result(id),
    start() {
      isOpen = true;
      isStopping = false;
      wake(0);
    },
    async stop() {
      isOpen = false;
      isStopping = true;
      clearTimeout(timer);
      await running;
    },
    round: carryOutDue,
  };
}

async function round(parts: RunnerParts, isStopping: () => boolean): Promise<number> {
  const due = await parts.queue.due({ now: parts.clock.now(), limit: AT_ONCE });
  const ofUser = [...Map.groupBy(due, ({ user }) => user).values()];
  const carryOut = (operations: readonly WaitingOperation[]) => inOrder(parts, operations, isStopping);
  // Of those that were under way when the process ended one may be the cause: alone, none takes the blame of another.
  const isSuspicious = due.some(({ attempts }) => attempts > 0);
  const ended = isSuspicious ? await oneByOne(ofUser, carryOut) : await Promise.allSettled(ofUser.map(carryOut));
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return due.length;
}

async function oneByOne<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<PromiseSettledResult<void>[]> {
  const ended: PromiseSettledResult<void>[] = [];
  for (const item of items) ended.push(...(await Promise.allSettled([work(item)])));
  return ended;
}

async function inOrder(
  parts: RunnerParts,
  operations: readonly WaitingOperation[],
  isStopping: () => boolean,
): Promise<void> {
  for (const operation of operations) {
    if (isStopping()) return;
    if (operation.attempts < MOST_ATTEMPTS) await attempt(parts, operation);
    else await finish(parts, operation, parts.giveUp(operation));
  }
}

/** Counted before it begins, so that one that ends the process has been counted. */
async function attempt(parts: RunnerParts, operation: QueuedOperation): Promise<void> {
  await parts.queue.begin(operation.id);
  try {
    await finish(parts, operation, await parts.carryOut(operation));
  } catch (thrown) {
    // When this fails too, what was thrown first says more.
    await parts.queue.release(operation.id).catch(() => undefined);
    throw thrown;
  }
}

function finish({ queue, clock }: RunnerParts, { id }: QueuedOperation, answer: JsonObject): Promise<void> {
  const now = clock.now();
  return queue.finish({ id, answer, now, keptUntil: now + KEPT_MS });
}

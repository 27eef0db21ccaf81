import type { JsonObject } from '../../core/json.ts';
import type { OperationQueue, QueuedOperation } from '../../core/operation-queue.ts';
import type { AcceptingQueue } from './queued-operations.ts';

/** What queued operations are carried out with. */
export interface RunnerParts {
  readonly queue: OperationQueue;
  readonly clock: { now(): number };
  /** The envelope of the operation's answer, also of a failure. Rejects when trying again later may help. */
  readonly carryOut: (operation: QueuedOperation) => Promise<JsonObject>;
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
const KEPT_MS = 30 * 24 * 3_600_000;
/** No longer without looking: the clock may have been set. */
const LONGEST_PAUSE_MS = 30_000;
const AFTER_FAILURE_MS = 5_000;

/**
 * Carries out queued operations when they are due: those of one user one after another, in their order; those of
 * different users beside each other. An operation stays in the queue until its answer is kept.
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
  const ofUser = Map.groupBy(due, ({ user }) => user);
  const ended = await Promise.allSettled(
    [...ofUser.values()].map((operations) => inOrder(parts, operations, isStopping)),
  );
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return due.length;
}

async function inOrder(
  parts: RunnerParts,
  operations: readonly QueuedOperation[],
  isStopping: () => boolean,
): Promise<void> {
  for (const operation of operations) {
    if (isStopping()) return;
    const answer = await parts.carryOut(operation);
    const now = parts.clock.now();
    await parts.queue.finish({ id: operation.id, answer, now, keptUntil: now + KEPT_MS });
  }
}

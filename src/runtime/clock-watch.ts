import { MapwrightError } from '../core/error.ts';
import type { SharedClock } from '../core/node.ts';

/** What nobody needs to hear of: clocks that are kept right differ by less. */
const MOST_LEAD_MS = 3_000;
const LOOK_EVERY_MS = 5_000;

/** Keeps the time of this node that of the database, which all nodes go by. */
export interface ClockWatch {
  /** Looks at once, and every five seconds from then on. Rejects with STORE_UNAVAILABLE. */
  start(): Promise<void>;
  /** One look. A look that fails changes nothing. */
  look(): Promise<void>;
  /**
   * False while nobody knows what time it is: the machine's clock was set, or it slept, and the database has not answered
   * since. Nothing that other nodes may hold is taken then.
   */
  isSure(): Promise<boolean>;
  stop(): void;
}

/**
 * @param params.clock Undefined where there is no other clock than this process's own.
 * @param params.onWrong Told once when the machine's clock has come to differ: nothing goes by it but the log's own times,
 *   and other programs of the machine.
 */
export function createClockWatch({
  clock,
  onWrong,
}: {
  readonly clock: SharedClock | undefined;
  readonly onWrong: (error: MapwrightError) => void;
}): ClockWatch {
  let timer: NodeJS.Timeout | undefined;
  let isWrong = false;
  const lookOnce = async (): Promise<void> => {
    if (clock === undefined) return;
    await clock.look();
    const lead = clock.lead();
    const wasWrong = isWrong;
    isWrong = Math.abs(lead) > MOST_LEAD_MS;
    if (isWrong && !wasWrong) onWrong(clockWrong(lead));
  };
  // Without the database nothing can be claimed either.
  const look = (): Promise<void> => lookOnce().catch(() => undefined);
  return {
    look,
    isSure: () => clock?.isSure() ?? Promise.resolve(true),
    async start() {
      await lookOnce();
      timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
}

function clockWrong(lead: number): MapwrightError {
  const seconds = (Math.abs(lead) / 1000).toFixed(1);
  const message = `The clock of this machine is ${seconds} s ${lead > 0 ? 'ahead of' : 'behind'} the database's.`;
  return new MapwrightError('NODE_CLOCK_WRONG', message, {
    hint: 'This node goes by the time of the database, and works. Times in its log are its own: let NTP set the clocks of all machines.',
  });
}

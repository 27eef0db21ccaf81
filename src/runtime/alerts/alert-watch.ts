import type { DestinationStore } from '../../core/destination.ts';
import type { ScheduleStore } from '../../core/schedule.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { EngineEvent } from '../../engine/engine.ts';
import type { Alert } from './alert.ts';
import { destinationAlerts } from './destination-alerts.ts';
import { documentAlerts } from './document-alerts.ts';
import { scheduleAlerts } from './schedule-alerts.ts';
import { tellAdministrators, type TellingParts } from './tell-administrators.ts';

/** What is looked at, and with what administrators are told. */
export interface AlertParts extends TellingParts {
  readonly schedules: Pick<ScheduleStore, 'schedules'>;
  readonly destinations: Pick<DestinationStore, 'states' | 'backlog'>;
  readonly catalog: () => Pick<Catalog, 'revision' | 'broken'>;
  readonly onEvent: (event: EngineEvent) => void;
}

/** Sees to it that administrators hear of what no run tells them: schedules, destinations and documents in trouble. */
export interface AlertWatch {
  start(): void;
  /** One look at everything; resolves when all that is new was told. Never rejects. */
  look(): Promise<void>;
  /** Looks no more; resolves when the look under way has ended. */
  stop(): Promise<void>;
}

const EVERY_MS = 10_000;
/** Keys that need no question to the database any more; when there are more, all are asked anew. */
const REMEMBERED = 1_000;

/** A watch for one process; on several nodes all look, and each alert is told by the one that is first. */
export function createAlertWatch(parts: AlertParts): AlertWatch {
  const settled = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isFailing = false;
  const tellAll = async (): Promise<void> => {
    try {
      for (const alert of await currentAlerts(parts)) {
        if (settled.has(alert.key)) continue;
        if (!(await tellAdministrators(parts, alert))) continue;
        if (settled.size >= REMEMBERED) settled.clear();
        settled.add(alert.key);
      }
      isFailing = false;
    } catch (error) {
      // Told once: while the database is away, the log has better to say than this again and again.
      if (!isFailing) parts.onEvent({ kind: 'fault', run: undefined, error });
      isFailing = true;
    }
  };
  const look = (): Promise<void> => (looking ??= tellAll().finally(() => (looking = undefined)));
  return {
    look,
    start() {
      timer = setInterval(() => void look(), EVERY_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

async function currentAlerts({ schedules, destinations, catalog, clock }: AlertParts): Promise<Alert[]> {
  const now = clock.now();
  const states = await destinations.states();
  // What waits is counted only where there is something to tell of it.
  const needsCount = states.some(({ state }) => state.kind !== 'closed' || state.wasDown !== undefined);
  const backlog = needsCount ? await destinations.backlog() : [];
  return [
    ...documentAlerts(catalog(), now),
    ...scheduleAlerts(await schedules.schedules()),
    ...destinationAlerts(states, { backlog, now }),
  ];
}

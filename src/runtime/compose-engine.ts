import type { Clock } from '../core/clock.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import type { RecordHost } from '../core/record-host.ts';
import type { RunId } from '../core/run.ts';
import type { EgressPolicy } from '../connector/egress-guard.ts';
import { createCallRecorder } from '../connector/call-recorder.ts';
import { createHttpConnector } from '../connector/http-connector.ts';
import { createSmtpMailer } from '../connector/mail/smtp-mailer.ts';
import { createSoapClient } from '../connector/soap/soap-client.ts';
import { type Crm, createCrm } from '../crm/crm.ts';
import { createLocalDispatcher } from '../dispatch/local-dispatcher.ts';
import { createDestinationLimits } from '../engine/destination-limits.ts';
import type { Engine } from '../engine/engine.ts';
import { createTriggerMatcher } from '../engine/trigger-matcher.ts';
import { type WorkflowStarter, createWorkflowStarter } from '../engine/workflow-starter.ts';
import type { Store } from '../store/store.ts';
import { readXmlValue } from '../xml/xml-value.ts';
import { CallerWaits } from './caller-waits.ts';
import { documentRecords } from './document-records.ts';
import type { DocumentLibrary } from './document-library.ts';
import type { EventHub } from './event-hub.ts';
import { VERSION } from './version.ts';

/** Whom maps act as: the administrator that every install begins with. */
export const SERVICE_USER = { id: '19x1', name: 'admin' };

/** What an engine on one store is made of. */
export interface EngineParts {
  readonly store: Store;
  readonly library: DocumentLibrary;
  readonly egress: { policy(): EgressPolicy };
  readonly events: EventHub;
  readonly clock: Clock;
  /** The application's record host; the built-in one when undefined. */
  readonly host: RecordHost | undefined;
}

/** An engine and what stands beside it in one process. */
export interface ComposedEngine {
  readonly engine: Engine;
  readonly crm: Crm;
  readonly matcher: TriggerMatcher;
  readonly starter: WorkflowStarter;
  readonly waits: CallerWaits;
  /** Wakes the worker for runs that have just been accepted. */
  readonly onAccepted: (runs: readonly RunId[]) => void;
}

/** Puts the engine and the built-in record host together. */
export function composeEngine({ store, library, egress, events, clock, host }: EngineParts): ComposedEngine {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const dispatcher = createLocalDispatcher({ clock });
  const source = {
    settings: store.settings,
    clock,
    timeZone,
    catalog: async () => library.current(),
    evaluator: () => engine,
  };
  const matcher = createTriggerMatcher(source);
  const waits = new CallerWaits({ journal: store.journal, events });
  const awaitRuns = waits.ended.bind(waits);
  const onAccepted = (runs: readonly RunId[]): void => void dispatcher.kick(runs.map((run) => ({ run })));
  const crm = createCrm({
    store: store.records,
    modules: () => library.modules(),
    identities: store.identities,
    documents: documentRecords(() => library.documents()),
    matcher,
    onAccepted,
    awaitRuns,
    clock,
  });
  const records = host ?? crm;
  const connector = createHttpConnector({ egress: () => egress.policy(), clock, userAgent: `Mapwright/${VERSION}` });
  const { settings, messages, identities: people } = store;
  const limits = createDestinationLimits((request) => wakeWaiting(engine, request));
  const engine: Engine = {
    journal: store.journal,
    host: records,
    connector,
    soap: createSoapClient({ connector, clock }),
    mailer: createSmtpMailer({ egress: () => egress.policy(), clock }),
    recorder: createCallRecorder(),
    readXml: readXmlValue,
    sealer: store.sealer,
    settings,
    secrets: store.secrets,
    people,
    reach: { host: records, modules: () => library.modules(), people, settings, messages, connector },
    catalogAt: (revision) => library.at(revision),
    matcher,
    limits,
    dispatcher,
    clock,
    random: { next: () => Math.random() },
    installId: store.installId.slice(0, 8),
    timeZone,
    serviceUser: SERVICE_USER,
    onEvent: (event) => events.tell(event),
    hears: (kind) => events.hears(kind),
  };
  const starter = createWorkflowStarter({ ...source, records: store.records, host: records, onAccepted, awaitRuns });
  return { engine, crm, matcher, starter, waits, onAccepted };
}

/** There is room at a destination: those that have waited longest for a place may go on. False when none waits. */
async function wakeWaiting(
  engine: Engine,
  request: { readonly key: string; readonly limit: number },
): Promise<boolean> {
  try {
    const runs = await engine.journal.release({ ...request, now: engine.clock.now() });
    await engine.dispatcher.kick(runs.map((run) => ({ run })));
    return runs.length > 0;
  } catch (error) {
    engine.onEvent({ kind: 'fault', run: undefined, error });
    return true;
  }
}

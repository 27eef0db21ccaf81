import type { Connector } from '../core/call.ts';
import type { Clock } from '../core/clock.ts';
import type { Dispatcher } from '../core/dispatcher.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import type { RecordHost } from '../core/record-host.ts';
import type { RunId } from '../core/run.ts';
import type { Tracer } from '../core/trace.ts';
import type { EgressPolicy } from '../connector/egress-guard.ts';
import { createCallRecorder } from '../connector/call-recorder.ts';
import { createCredentialedConnector } from '../connector/credential/credentialed-connector.ts';
import { TokenKeeper } from '../connector/credential/token-keeper.ts';
import { createHttpConnector } from '../connector/http-connector.ts';
import { createSmtpMailer } from '../connector/mail/smtp-mailer.ts';
import { createSoapClient } from '../connector/soap/soap-client.ts';
import { type Crm, createCrm } from '../crm/crm.ts';
import type { DestinationGate } from '../core/destination.ts';
import { createDestinationGate } from '../engine/gate/destination-gate.ts';
import type { Engine } from '../engine/engine.ts';
import { createTriggerMatcher } from '../engine/trigger-matcher.ts';
import { type WorkflowStarter, createWorkflowStarter } from '../engine/workflow-starter.ts';
import type { Store } from '../store/store.ts';
import { readXmlValueInPieces } from '../xml/xml-value.ts';
import { createAnswerThread } from './answer/answer-thread.ts';
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
  readonly dispatcher: Dispatcher;
  /** The application's record host; the built-in one when undefined. */
  readonly host: RecordHost | undefined;
  readonly tracer: Tracer;
}

/** An engine and what stands beside it in one process. */
export interface ComposedEngine {
  readonly engine: Engine;
  readonly crm: Crm;
  readonly matcher: TriggerMatcher;
  readonly starter: WorkflowStarter;
  readonly waits: CallerWaits;
  /** What calls carry that a token endpoint or a login gave. */
  readonly tokens: TokenKeeper;
  /** Wakes the worker for runs that have just been accepted. */
  readonly onAccepted: (runs: readonly RunId[]) => void;
}

/** Puts the engine and the built-in record host together. */
export function composeEngine(parts: EngineParts): ComposedEngine {
  const { store, library, egress, events, clock, host, tracer, dispatcher } = parts;
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const source = {
    settings: store.settings,
    clock,
    timeZone,
    catalog: async () => library.current(),
    evaluator: () => engine,
  };
  const matcher = createTriggerMatcher(source);
  const waits = new CallerWaits({ journal: store.journal, events, hasOthers: store.hints !== undefined });
  const awaitRuns = waits.ended.bind(waits);
  const onAccepted = (runs: readonly RunId[]): void => void dispatcher.kick(runs.map((run) => ({ run })));
  const crm = createCrm({
    store: store.records,
    modules: () => library.modules(),
    identities: store.identities,
    holdFile: (id) => store.files.hold(id, clock.now()),
    documents: documentRecords(() => library.documents()),
    matcher,
    onAccepted,
    awaitRuns,
    clock,
  });
  const records = host ?? crm;
  const { connector, tokens } = openConnector(parts);
  const random = { next: Math.random };
  const gate = openGate(parts, { random, wake: (request) => wakeWaiting(engine, request) });
  const engine: Engine = {
    journal: store.journal,
    host: records,
    connector,
    soap: createSoapClient({ connector, clock }),
    mailer: createSmtpMailer({ egress: () => egress.policy(), clock }),
    recorder: createCallRecorder(),
    readXml: readXmlValueInPieces,
    largeBodies: createAnswerThread(),
    sealer: store.sealer,
    files: store.files,
    settings: store.settings,
    secrets: store.secrets,
    people: store.identities,
    reach: reachOf(parts, records, connector),
    catalogAt: (revision) => library.at(revision),
    matcher,
    gate,
    dispatcher,
    clock,
    random,
    tracer,
    installId: store.installId.slice(0, 8),
    timeZone,
    serviceUser: SERVICE_USER,
    onEvent: (event) => events.tell(event),
    hears: (kind) => events.hears(kind),
  };
  const starter = createWorkflowStarter({ ...source, records: store.records, host: records, onAccepted, awaitRuns });
  return { engine, crm, matcher, starter, waits, tokens, onAccepted };
}

/** What legacy expressions reach. */
function reachOf({ store, library }: EngineParts, host: RecordHost, connector: Connector): Engine['reach'] {
  const { settings, messages, identities: people } = store;
  return { host, modules: () => library.modules(), people, settings, messages, connector };
}

/** The way out: credentials are put in last, and their tokens are shared by all nodes. */
function openConnector({ store, egress, clock }: EngineParts): { connector: Connector; tokens: TokenKeeper } {
  const http = createHttpConnector({ egress: () => egress.policy(), clock, userAgent: `Mapwright/${VERSION}` });
  const tokens = new TokenKeeper({ ...store, clock });
  return { connector: createCredentialedConnector(http, { keeper: tokens, clock }), tokens };
}

/** The way to all destinations: its shares are this node's. */
function openGate(
  { store, events, clock }: EngineParts,
  parts: Pick<Parameters<typeof createDestinationGate>[0], 'random' | 'wake'>,
): DestinationGate {
  return createDestinationGate({
    ...parts,
    store: store.destinations,
    node: store.nodes.id,
    clock,
    onEvent: (event) => events.tell(event),
  });
}

/** There is room at a destination: those that have waited longest for a place may go on. Gives how many. */
async function wakeWaiting(engine: Engine, request: { readonly key: string; readonly limit: number }): Promise<number> {
  const runs = await engine.journal.release({ ...request, now: engine.clock.now() });
  await engine.dispatcher.kick(runs.map((run) => ({ run })));
  return runs.length;
}

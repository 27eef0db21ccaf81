import type { Clock, Random } from '../core/clock.ts';
import type { Connector } from '../core/call.ts';
import type { DestinationGate } from '../core/destination.ts';
import type { Dispatcher } from '../core/dispatcher.ts';
import type { FileStore } from '../core/file-store.ts';
import type { Journal } from '../core/journal.ts';
import type { LargeBodyReader } from '../core/large-body.ts';
import type { RecordHost } from '../core/record-host.ts';
import type { Mailer } from '../core/mail.ts';
import type { CallRecorder } from '../core/redactor.ts';
import type { Sealer, SecretStore, SettingStore } from '../core/secret-store.ts';
import type { Tracer } from '../core/trace.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import type { SoapClient } from '../core/soap.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { XmlReader } from './answer/read-body.ts';
import type { EngineEvent } from './engine-event.ts';
import type { LegacyReach } from './legacy/legacy-services.ts';
import type { People } from './notice/recipients.ts';

export type { EngineEvent } from './engine-event.ts';

/** Everything the interpreter works with; composed by the runtime. */
export interface Engine {
  readonly journal: Journal;
  readonly host: RecordHost;
  readonly connector: Connector;
  readonly mailer: Mailer;
  readonly recorder: CallRecorder;
  /** Turns SOAP operations into requests; undefined where no WSDL can be read. */
  readonly soap?: SoapClient | undefined;
  /** An XML text as a value that paths can walk; gives undefined when it is no XML. */
  readonly readXml: XmlReader;
  /** Reads the large bodies of answers; where there is none they are read in slices. */
  readonly largeBodies?: LargeBodyReader | undefined;
  readonly sealer: Sealer;
  /** What calls send of files, and where the bodies of their answers go. */
  readonly files?: FileStore | undefined;
  readonly settings: SettingStore;
  readonly secrets: SecretStore;
  /** What legacy expressions reach. */
  readonly reach: LegacyReach;
  /** Whom workflows tell things. */
  readonly people: People;
  /** The compiled revision; undefined when it is not stored. */
  readonly catalogAt: (revision: number) => Promise<Catalog | undefined>;
  readonly matcher: TriggerMatcher;
  /** Nobody is called without a place. */
  readonly gate: DestinationGate;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly random: Random;
  /** Undefined: nothing is traced, and no `traceparent` sent. */
  readonly tracer?: Tracer | undefined;
  /** Tells one install's step keys from another's. */
  readonly installId: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Whom maps act as. */
  readonly serviceUser: { readonly id: string; readonly name: string };
  /** Must not throw. */
  readonly onEvent: (event: EngineEvent) => void;
  /** False: nobody listens to events of this kind, so that none needs to be made. */
  readonly hears: (kind: EngineEvent['kind']) => boolean;
}

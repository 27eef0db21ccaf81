import type { JsonObject } from '../../src/core/json.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import type { Install } from '../../src/runtime/install.ts';
import type { CrashEvidence } from './crash-evidence.ts';

/** The install of one life, and the ways to it that its callers have. */
export interface CrashWorld {
  readonly install: Install;
  /** An operation of the web service as the administrator; gives its result. Rejects with the code of a refusal. */
  readonly web: (operation: string, parameters: Readonly<Record<string, string>>) => Promise<unknown>;
  /** A request of the REST API with the token in the setting `api_token`; gives its body. Rejects when it was refused. */
  readonly api: (request: ApiRequest) => Promise<JsonObject>;
  /** Tells the other side something: `accept`. */
  readonly tellPeer: (word: string) => Promise<void>;
  /** Asks until there is an answer. Rejects when none comes. */
  readonly until: <T>(what: string, look: () => Promise<T | undefined>) => Promise<T>;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
  /** The Idempotency-Key. */
  readonly key?: string;
}

/**
 * What somebody asks of the install. Whoever got no answer, because the process died, asks again in the next life: so an
 * act is one that its caller may repeat, by a key of its own or by looking first.
 */
export interface Act {
  /** Unique in the scenario. */
  readonly name: string;
  readonly carryOut: (world: CrashWorld) => Promise<unknown>;
  /** Codes of refusals that tell whoever asks again that it has been done. */
  readonly doneIf?: readonly string[];
}

/** Something people do with an install, in the middle of which its process dies. */
export interface CrashScenario {
  readonly name: string;
  readonly documents: readonly SourceFile[];
  /** Beside those that name the other sides: `shop`, `smtp_url`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What is there before: done once, and no process dies of it. */
  readonly prepare?: (install: Install) => Promise<void>;
  readonly acts: readonly Act[];
  /** True: all acts begin at the same time, and many runs are worked on at once. */
  readonly isAtOnce?: boolean;
  /** What has to have come besides the end of all that was begun. */
  readonly isDone?: (world: CrashWorld) => Promise<boolean>;
  /** Paths of calls that may be made any number of times: they only look, or open and close sessions. */
  readonly free?: readonly string[];
  /** Paths of calls that are refused or cut off at first, so that they come more than once under their key. */
  readonly retried?: readonly string[];
  /** What of the database may come out differently: the names of its tables. */
  readonly differs?: readonly string[];
  /** What else has to be true of how it came out. */
  readonly judge?: (evidence: CrashEvidence) => readonly string[];
}

import type { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import type { CompiledMap, CompiledOutput } from '../../catalog/compiled-map.ts';
import type { CompiledService } from '../../catalog/compiled-service.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import type { CallAnswer } from '../../core/call.ts';
import { DEEPEST_JSON, isTooDeep } from '../../core/json-text.ts';
import type { LargeBodyReader } from '../../core/large-body.ts';
import type { SoapCall } from '../../core/soap.ts';
import type { StepFailure } from '../step-failure.ts';
import type { XmlReader } from './read-body.ts';
import type { PageQuestion, ReadPage } from './read-page.ts';
import type { ReceivedRecords } from './read-records.ts';

/** One value that an answer writes. */
export interface OutputWrite {
  readonly field: string | undefined;
  readonly context: string | undefined;
  readonly value: Json;
  /** The path or literal it came from, for people. */
  readonly from: string;
  readonly sensitive: boolean;
  readonly fires: boolean;
}

/** What an answer means. Reading it writes nothing: the interpreter does, in one commit with the step's end. */
export interface JudgedAnswer {
  /** Undefined when the step is done. */
  readonly failure: StepFailure | undefined;
  /** What to write; after a failure only what is meant for one. */
  readonly writes: readonly OutputWrite[];
  readonly warnings: readonly string[];
  /** coreBOS dialect: values for fields that are given back to whoever runs the map, and not written. */
  readonly returned?: readonly OutputWrite[];
  /** Lists that become records. */
  readonly records?: readonly ReceivedRecords[] | undefined;
  /** The page of a list that is asked for page by page. */
  readonly page?: ReadPage | undefined;
  /** Context keys that have had their effect and go. */
  readonly forgets?: readonly string[];
}

export interface AnswerQuestion {
  readonly map: CompiledMap;
  readonly service: CompiledService | undefined;
  readonly scope: Scope;
  readonly answer: CallAnswer;
  /** The page that was asked for; undefined for a call that is all. */
  readonly page?: PageQuestion | undefined;
  /** The SOAP operation that was called; undefined for other calls. */
  readonly soap?: SoapCall | undefined;
  /** An XML text as a value; gives undefined when it is no XML. */
  readonly readXml: XmlReader;
  /** Reads large bodies; undefined where they are read like all others. */
  readonly largeBodies?: LargeBodyReader | undefined;
  /** The dialect's rule for names like `accessKey`. */
  isSensitiveName(name: string): boolean;
  /** Told of each output of a native map, those that fail too; without it reading ends at the first that fails. */
  readonly onOutput?: ((told: ReadOutput) => void) | undefined;
}

/** What one output came to. `unasked`: it is for answers of the other sort; `absent`: there is no such value, which is fine. */
export interface ReadOutput {
  readonly document: CompiledOutput['document'];
  /** The path or literal, for people. */
  readonly from: string;
  readonly outcome: 'value' | 'absent' | 'failed' | 'unasked';
  readonly value?: Json;
  readonly error?: MapwrightError;
}

/** Which statuses count as a success, and who says so. */
export interface StatusRule {
  readonly expected: readonly string[];
  readonly from: 'map' | 'service' | 'default';
}

/** A failure told by the answer itself. */
export function answerFailure(
  code: string,
  message: string,
  details: { readonly status: number; readonly remoteCode?: string | undefined; readonly hint?: string },
): StepFailure {
  return {
    code,
    message,
    hint: details.hint,
    cause: 'answer',
    status: details.status,
    remoteCode: details.remoteCode,
    inDoubt: false,
  };
}

/** True for a list or an object, which no field of a record holds as it is. */
export function isComposite(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

/** What is said about a list or an object at `from` that a field was to get. */
export function compositeMessage(value: Json, from: string, field: string): string {
  return `${from} is ${Array.isArray(value) ? 'a list' : 'an object'}: the field ${field} takes a single value`;
}

/** Characters of a body that are told. */
const LONGEST_START = 60;
/** So far into a body it is looked why it cannot be read. */
const LOOKED_AT = 1024 * 1024;

/** The start of a body in one line, for messages about bodies that cannot be read. */
export function startOf(text: string): string {
  // The text may have megabytes.
  const line = text
    .trimStart()
    .slice(0, 10 * LONGEST_START)
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return line === ''
    ? 'nothing'
    : JSON.stringify(line.length > LONGEST_START ? `${line.slice(0, LONGEST_START)}...` : line);
}

/** Why a body is not what it is declared as: `the answer is not JSON: it starts with "<html>"`. */
export function describeUnreadable(wanted: string, text: string): string {
  if (wanted !== 'XML' && /^\s*[[{]/u.test(text) && isTooDeep(text.slice(0, LOOKED_AT)))
    return `the answer nests lists and objects more than ${DEEPEST_JSON} levels deep`;
  return `the answer is not ${wanted}: it starts with ${startOf(text)}`;
}

/** What an error answer says of itself. */
export interface RemoteError {
  readonly code?: string;
  readonly message?: string;
}

/** `CODE: message`, as far as they were given; empty when neither was. */
export function describeRemote({ code, message }: RemoteError): string {
  return [code, message].filter((part) => part !== undefined && part !== '').join(': ');
}

/** The failure for a status that was not expected. */
export function statusFailure(answer: CallAnswer, remote: RemoteError): StepFailure {
  const location = answer.headers.find(([name]) => name === 'location')?.[1];
  const isRedirect = answer.status >= 300 && answer.status < 400 && location !== undefined;
  if (isRedirect) {
    return answerFailure('CALL_REDIRECT', `answered ${answer.status}: look at ${location}`, {
      status: answer.status,
      hint: 'put the final address into the service\'s url="...", or have it follow: <network redirects="same-host"/>',
    });
  }
  const said = describeRemote(remote);
  return answerFailure('CALL_STATUS', `answered status ${answer.status}${said === '' ? '' : `: ${said}`}`, {
    status: answer.status,
    remoteCode: remote.code,
  });
}

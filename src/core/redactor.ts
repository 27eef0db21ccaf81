import type { CallAnswer, CallRequest } from './call.ts';
import type { Json } from './json.ts';
import type { RecordedAnswer, RecordedRequest } from './step.ts';

/** Hides the secrets of a run wherever they show up. One per run: it collects as the run goes. */
export interface Redactor {
  /** From now on this text is hidden, in all the forms it travels in, with and without blanks around it. Texts shorter than 4 characters are not. */
  add(secret: string): void;
  /** The text with dots in the place of every secret. */
  redact(text: string): string;
  /** As `redact` on the first `length` characters of the text; a secret that goes on beyond them is hidden whole. */
  redactStart(text: string, length: number): string;
  /** Characters of the longest form of any secret. */
  readonly longestForm: number;
}

/** Makes what history keeps of a call: redacted and cut. */
export interface CallRecorder {
  createRedactor(): Redactor;
  recordRequest(request: CallRequest, redactor: Redactor, parameters: RecordedRequest['parameters']): RecordedRequest;
  recordAnswer(answer: CallAnswer, redactor: Redactor): RecordedAnswer;
  /** Hides secrets in every text of the value, and what stands under sensitive names. */
  redactJson(value: Json, redactor: Redactor): Json;
  /** True for names like `accessKey` or `sessionName`: their values are shown as dots whatever they are. */
  isSensitiveName(name: string): boolean;
}

import type { Json, JsonObject } from '../core/json.ts';
import { readJson } from '../core/json-text.ts';
import type { Failure } from '../core/run.ts';
import type { RecordedAnswer } from '../core/step.ts';

/** Characters of a body that later tasks see. */
const LONGEST_BODY = 16_384;

/** What expressions see of the latest call as `answer`, before there was any. */
export const NO_ANSWER: JsonObject = { task: '', status: null, code: '', message: '', body: null };

/** What later tasks see of a call that counted as a success: its status, expected ones such as 404 among them. */
export function answerOfSuccess(task: string, answer: RecordedAnswer | undefined): JsonObject {
  return { ...NO_ANSWER, task, status: answer?.status ?? null };
}

/**
 * What later tasks, and people's messages, see of a step that failed. Everything in it is as history shows it: secrets as
 * dots. The body is a value when it is JSON, else text, cut at 16,384 characters.
 */
export function answerOfFailure(task: string, failure: Failure, answer: RecordedAnswer | undefined): JsonObject {
  const { code, message } = failure;
  return { task, status: answer?.status ?? null, code, message, body: bodyOf(answer) };
}

function bodyOf(answer: RecordedAnswer | undefined): Json {
  const text = answer?.body?.text;
  if (text === undefined) return null;
  if (answer?.body?.cut === true || text.length > LONGEST_BODY) return text.slice(0, LONGEST_BODY).toWellFormed();
  return readJson(text) ?? text;
}

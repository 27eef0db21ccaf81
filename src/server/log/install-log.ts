import pino from 'pino';
import type { EngineEvent } from '../../engine/engine-event.ts';
import { messageOf } from '../../core/error.ts';
import type { AnsweredApiCall } from '../api/answered-api-call.ts';
import type { AnsweredCall } from '../webservice/answered-call.ts';
import type { UnexpectedFailure } from '../webservice/failure-response.ts';
import { errorFields, lineOfEvent } from './event-line.ts';
import { LOG_LEVELS, type LogFormat, type LogLevel, type LogLine } from './log-line.ts';

/** What a serving process says about itself. */
export interface InstallLog {
  event(event: EngineEvent): void;
  /** A request of the web service; nothing of what it said but the operation. */
  answered(call: AnsweredCall): void;
  /** A request of the REST API; of its path only the pattern. */
  apiAnswered(call: AnsweredApiCall): void;
  /** A failure that a client was told nothing about. */
  failed(failure: UnexpectedFailure): void;
  /** True when details are wanted. */
  readonly isDetailed: boolean;
}

/** Opens a log. `write` gets whole lines; `mask` puts dots in the place of secrets. */
export function openInstallLog(params: {
  readonly format: LogFormat;
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  readonly mask: (text: string) => string;
}): InstallLog {
  const { format, level, mask } = params;
  const write = format === 'json' ? jsonWriter(params) : textWriter(params);
  const say = (line: LogLine | undefined): void => {
    if (line !== undefined) write({ ...line, message: mask(line.message) });
  };
  return {
    isDetailed: level === 'debug',
    event: (event) => say(lineOfEvent(event)),
    answered: (call) => say(accessLine(call, format)),
    apiAnswered: (call) => say(apiLine(call, format)),
    failed: ({ id, operation, error }) =>
      say({
        level: 'error',
        message: `${operation ?? 'request'} failed (${id}): ${messageOf(error)}`,
        fields: { event: 'request-failed', request: id, operation, ...errorFields(error) },
      }),
  };
}

/** At a terminal, where every line passes a person's eyes, requests that went well would hide the rest. */
function accessLine(call: AnsweredCall, format: LogFormat): LogLine {
  const { request, operation, user, status, code, durationMs } = call;
  const message = `${operation ?? 'request'} ${code ?? 'ok'}${user === undefined ? '' : ` ${user}`} ${durationMs} ms`;
  const fields = { event: 'request', request, operation, user, status, code, durationMs };
  return { level: format === 'json' ? 'info' : 'debug', message, fields };
}

function apiLine(call: AnsweredApiCall, format: LogFormat): LogLine {
  const { request, method, route, operation, caller, status, code, durationMs } = call;
  const who = caller === undefined ? '' : ` ${caller}`;
  const message = `${method} ${route ?? 'unknown path'} ${code ?? status}${who} ${durationMs} ms`;
  const fields = { event: 'api-request', request, method, route, operation, user: caller, status, code, durationMs };
  return { level: format === 'json' ? 'info' : 'debug', message, fields };
}

type Writing = Pick<Parameters<typeof openInstallLog>[0], 'level' | 'write'>;

function jsonWriter({ level, write }: Writing): (line: LogLine) => void {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(line.trimEnd()) },
  );
  return ({ level: own, message, fields }) => logger[own](fields, message);
}

function textWriter({ level, write }: Writing): (line: LogLine) => void {
  const most = LOG_LEVELS.indexOf(level);
  return (line) => {
    if (LOG_LEVELS.indexOf(line.level) <= most) write(onOneLine(line.message));
  };
}

/** What comes from outside can neither begin a line that looks like ours nor steer the terminal. */
function onOneLine(message: string): string {
  return message.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

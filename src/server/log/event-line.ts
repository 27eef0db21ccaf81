import { MapwrightError, messageOf } from '../../core/error.ts';
import type { RunWait } from '../../core/run.ts';
import type { EngineEvent } from '../../engine/engine-event.ts';
import type { LogLevel, LogLine } from './log-line.ts';

/** What is said only to whoever wants to know everything. */
export const DETAILS = ['run-started', 'step-ended', 'call-ended'] as const;

/** What a log says of an event; undefined for what is only counted. Reasons are left out: they may quote answers. */
export function lineOfEvent(event: EngineEvent): LogLine | undefined {
  switch (event.kind) {
    case 'run-ended': {
      const { kind, run, workflow, status, handled, failure } = event;
      const fields = { event: kind, run, workflow, status, handled, code: failure?.code, task: failure?.task };
      return { level: status === 'failed' ? 'warn' : 'info', message: `run ${run} ${workflow} ${status}`, fields };
    }
    case 'run-waiting': {
      const { kind, run, workflow, wait } = event;
      const message = `run ${run} ${workflow} waiting for ${wait.for}`;
      const level = wait.for === 'person' ? 'warn' : 'info';
      return { level, message, fields: { event: kind, run, workflow, for: wait.for, ...untilOf(wait) } };
    }
    case 'run-fenced': {
      const { kind, run } = event;
      return { level: 'warn', message: `run ${run} is held by another worker now`, fields: { event: kind, run } };
    }
    case 'fault':
      return faultLine(event.run, event.error);
    case 'schedule-slot': {
      const { kind, schedule, outcome, count, reason } = event;
      const slot = new Date(event.slot).toISOString();
      const level: LogLevel = outcome === 'accepted' ? 'info' : 'warn';
      const fields = { event: kind, schedule, slot, outcome, count };
      const why = reason === undefined ? '' : `: ${reason}`;
      return { level, message: `schedule ${schedule} ${slot} ${outcome} (${count})${why}`, fields };
    }
    case 'destination-changed': {
      const { kind, destination, state } = event;
      const level: LogLevel = state.kind === 'open' ? 'warn' : 'info';
      return {
        level,
        message: `destination ${destination} ${state.kind}`,
        fields: { event: kind, destination, state: state.kind },
      };
    }
    default:
      return detailLine(event);
  }
}

function detailLine(event: EngineEvent): LogLine | undefined {
  if (event.kind === 'run-started') {
    const { kind, run, workflow } = event;
    return { level: 'debug', message: `run ${run} ${workflow} begins`, fields: { event: kind, run, workflow } };
  }
  if (event.kind === 'step-ended') {
    const { kind, run, workflow, step, task, purpose, status, durationMs, code } = event;
    const message = `run ${run} ${workflow} step ${step} ${task} ${status}`;
    return {
      level: 'debug',
      message,
      fields: { event: kind, run, workflow, step, task, purpose, status, durationMs, code },
    };
  }
  if (event.kind === 'call-ended') {
    const { kind, run, workflow, step, task, destination, outcome, durationMs, code } = event;
    const message = `run ${run} ${workflow} step ${step} called ${destination}: ${outcome}`;
    const fields = { event: kind, run, workflow, step, task, destination, outcome, durationMs, code };
    return { level: 'debug', message, fields };
  }
  return undefined;
}

function untilOf({ until, key, for: reason }: RunWait): LogLine['fields'] {
  return {
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    ...(reason === 'limit' ? { destination: key } : {}),
  };
}

function faultLine(run: number | undefined, error: unknown): LogLine {
  const who = run === undefined ? 'engine' : `run ${run}`;
  const fields = { event: 'fault', run, ...errorFields(error) };
  return { level: 'error', message: `${who} fault: ${messageOf(error)}`, fields };
}

/** The code of a foreseen error; where in the program an unforeseen one came from. */
export function errorFields(error: unknown): LogLine['fields'] {
  if (error instanceof MapwrightError) return { code: error.code };
  if (!(error instanceof Error) || error.stack === undefined) return {};
  const frames = error.stack.split('\n').filter((line) => /^\s+at /u.test(line));
  return { stack: frames.join('\n') };
}

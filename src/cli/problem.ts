import { MapwrightError, messageOf } from '../core/error.ts';
import { oneLine } from './text-layout.ts';

/** A failed command as JSON, after RFC 9457. */
export interface Problem {
  readonly type: string;
  /** The kind of problem, the same for every occurrence. */
  readonly title: string;
  /** The permanent code, listed in docs/errors.md. */
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

/** Anything that was thrown, as a problem; what is no MapwrightError is CLI_INTERNAL. */
export function problemOf(thrown: unknown): Problem {
  const known = thrown instanceof MapwrightError;
  const code = known ? thrown.code : 'CLI_INTERNAL';
  const hint = known
    ? thrown.hint
    : 'this is a fault of Mapwright: give the command again with MAPWRIGHT_DEBUG=1 and report it';
  return {
    type: `urn:mapwright:error:${code}`,
    title: titleOf(code),
    code,
    detail: messageOf(thrown),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** `error CODE message` on one line, and the hint below. */
export function renderProblem(problem: Problem): string {
  const first = `error ${problem.code} ${oneLine(problem.detail)}`;
  return problem.hint === undefined ? first : `${first}\n  hint: ${oneLine(problem.hint)}`;
}

function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

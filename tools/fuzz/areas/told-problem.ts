import { MapwrightError } from '../../../src/core/error.ts';
import { promise, type Verdict } from '../area.ts';

/** What is said of a place in a text. */
export interface ToldProblem {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

/** Longer messages are read by nobody. */
const LONGEST_MESSAGE = 2_000;

/** A problem has a code of its family, a message, and a place inside of the text. */
export function checkProblem(text: string, problem: ToldProblem, families: RegExp): void {
  checkSaid(problem, families);
  checkPlace(text, problem);
}

/** A place lies inside of the text. */
export function checkPlace(text: string, { offset, length }: Pick<ToldProblem, 'offset' | 'length'>): void {
  const isInside = offset >= 0 && length >= 0 && offset + length <= text.length;
  promise(isInside, () => `the place ${offset}+${length} is outside of a text of ${text.length}`);
}

/** What was thrown is an error of the product, of one of these families; anything else is thrown on. */
export function checkRefusal(thrown: unknown, families: RegExp): Verdict {
  if (!(thrown instanceof MapwrightError)) throw thrown;
  checkSaid(thrown, families);
  return 'refused';
}

function checkSaid({ code, message }: Pick<ToldProblem, 'code' | 'message'>, families: RegExp): void {
  promise(families.test(code) && message !== '', () => `${code}: ${message}`);
  promise(message.length <= LONGEST_MESSAGE, () => `${code} with a message of ${message.length} characters`);
}

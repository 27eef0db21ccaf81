import { checkRegexWork } from '../../bounded-regex.ts';
import { isNumeric, isTruthy, textArgument } from '../value.ts';
import type { FunctionFamily } from './function.ts';
import { compilePattern } from './pattern.ts';

/** Functions of truth. All arguments are computed; only `if` leaves out what it does not need. */
export const LOGIC_FUNCTIONS: FunctionFamily = {
  AND: (values) => values.every(isTruthy),
  OR: (values) => values.some(isTruthy),
  NOT: ([value = null]) => !isTruthy(value),
  isNumeric: ([value = null]) => isNumeric(value),
  isString: ([value]) => typeof value === 'string',
  regex: ([pattern, subject, ...more], { guard }) => {
    if (pattern === undefined || subject === undefined || more.length > 0) return false;
    guard.checkTime();
    return matches(textArgument(pattern), textArgument(subject));
  },
};

/** The slashes of `/pattern/flags` are optional. Of the flags, some change nothing: texts are characters throughout. */
function matches(pattern: string, subject: string): boolean {
  const [, source = pattern, flags = ''] = /^\/([^]*)\/([imsuDSX]*)$/u.exec(pattern) ?? [];
  const compiled = compilePattern(source, flags);
  if (compiled === undefined) return false;
  checkRegexWork(compiled, subject.length);
  return compiled.regex.matcher(subject).find();
}

import { MapwrightError } from '../../../core/error.ts';
import { compileRegex } from '../../bounded-regex.ts';

/** A pattern ready to be matched. */
export type Pattern = ReturnType<typeof compileRegex>;

/**
 * Compiles a pattern; undefined for text that is none. Throws EXPRESSION_REGEX for a pattern that cannot be matched in linear
 * time: it would mean something in the original, so it must not pass for one that does not match.
 */
export function compilePattern(source: string, flags = ''): Pattern | undefined {
  try {
    return compileRegex(source, flags);
  } catch (thrown) {
    if (thrown instanceof MapwrightError && !isPattern(source)) return undefined;
    throw thrown;
  }
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

import { MapwrightError } from '../core/error.ts';
import { checkRegexWork, compileRegex } from './bounded-regex.ts';
import type { CompileResult } from './compiled.ts';

/** Finds one value in a text. */
export interface TextFinder {
  readonly text: string;
  /**
   * The expression's first group where it first matches, or all that it matches when it has no group; undefined when it
   * matches nowhere. Throws EXPRESSION_TOO_LARGE for texts that would take too long.
   */
  find(text: string): string | undefined;
}

/** Compiles a regular expression (RE2 syntax). Problem: EXPRESSION_REGEX. */
export function compileFinder(text: string): CompileResult<TextFinder> {
  try {
    const compiled = compileRegex(text, '');
    const find = (whole: string): string | undefined => {
      checkRegexWork(compiled, whole.length);
      const matcher = compiled.regex.matcher(whole);
      if (!matcher.find(0)) return undefined;
      return matcher.group(matcher.groupCount() > 0 ? 1 : 0) ?? undefined;
    };
    return { ok: true, value: { text, find }, warnings: [] };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    const { code, message, hint } = thrown;
    return {
      ok: false,
      problem: { code, message, ...(hint === undefined ? {} : { hint }), offset: 0, length: text.length },
    };
  }
}

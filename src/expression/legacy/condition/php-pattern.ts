import { checkRegexWork } from '../../bounded-regex.ts';
import type { JsonataGuard } from '../../jsonata-guard.ts';
import { compilePattern } from '../functions/pattern.ts';

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
/** Modifiers that change what matches. The others that PHP has change nothing here: texts are characters throughout. */
const FLAGS = /[ims]/gu;
const WITHOUT_EFFECT = /^[imsuSDX]*$/u;

/** A regular expression as PHP writes it, `/^a+$/i`: what is between the delimiters, and after them. */
export interface PhpPattern {
  readonly source: string;
  readonly flags: string;
}

/** Undefined where PHP finds no delimiters, or a modifier that is not available: such a pattern matches nothing. */
export function readPhpPattern(text: string): PhpPattern | undefined {
  const trimmed = text.trimStart();
  const [opening = ''] = trimmed;
  if (opening === '' || /[\p{L}\p{N}\s\\]/u.test(opening)) return undefined;
  const end = trimmed.lastIndexOf(CLOSING[opening] ?? opening);
  if (end < 1) return undefined;
  const modifiers = trimmed.slice(end + 1).trimEnd();
  if (!WITHOUT_EFFECT.test(modifiers)) return undefined;
  const body = trimmed.slice(1, end);
  // An escaped delimiter is the character itself.
  const source = opening === '/' || !(opening in CLOSING) ? body.replaceAll(`\\${opening}`, escaped(opening)) : body;
  return { source, flags: modifiers.match(FLAGS)?.join('') ?? '' };
}

function escaped(delimiter: string): string {
  return /[\^$.*+?()[\]{}|/]/u.test(delimiter) ? `\\${delimiter}` : delimiter;
}

/** Whether PHP's preg_match finds it; false for what is no pattern. Throws EXPRESSION_REGEX for syntax that is not available, EXPRESSION_TOO_LARGE. */
export function matchesPattern(pattern: string, text: string, guard: JsonataGuard): boolean {
  const read = readPhpPattern(pattern);
  if (read === undefined) return false;
  guard.checkTime();
  const compiled = compilePattern(read.source, read.flags);
  if (compiled === undefined) return false;
  checkRegexWork(compiled, text.length);
  return compiled.regex.matcher(text).find();
}

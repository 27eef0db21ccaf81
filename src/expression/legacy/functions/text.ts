import { MapwrightError } from '../../../core/error.ts';
import { checkRegexWork } from '../../bounded-regex.ts';
import type { JsonataGuard } from '../../jsonata-guard.ts';
import { inDigits } from '../rounding.ts';
import { spellNumber } from '../spelling/spell-number.ts';
import {
  isNumeric,
  isTruthy,
  type LegacyValue,
  joinTexts,
  numberArgument,
  textArgument,
  toLegacyText,
} from '../value.ts';
import type { FunctionFamily } from './function.ts';
import { compilePattern } from './pattern.ts';

/** Text functions. They count characters, where the original counts bytes; letter case is that of ASCII. */
export const TEXT_FUNCTIONS: FunctionFamily = {
  concat: (values, { guard }) => concat(guard, values),
  coalesce: (values) => values.find(isTruthy) ?? '',
  char: ([code]) => (code === undefined ? '' : Buffer.from([numberArgument(code) & 0xff]).toString('latin1')),
  substring: (values) => (values.length === 2 || values.length === 3 ? substring(values) : (values[0] ?? '')),
  stringposition: (values) => (values.length === 2 ? position(textArgument(values[0]), textArgument(values[1])) : -1),
  stringlength: ([value]) => countCharacters(textArgument(value)),
  stringreplace: ([search = '', replacement = '', subject = ''], { guard }) =>
    replaceEverywhere(guard, subject, { search, replacement }),
  regexreplace: ([pattern, replacement, subject], { guard }) =>
    replaceRegex(guard, textArgument(pattern), { by: textArgument(replacement), in: textArgument(subject) }),
  uppercase: ([value]) => upperAscii(textArgument(value)),
  lowercase: ([value]) => lowerAscii(textArgument(value)),
  uppercasefirst: ([value]) => textArgument(value).replace(/^[a-z]/u, upperAscii),
  uppercasewords: ([value]) => lowerAscii(textArgument(value)).replace(/(?:^|[ \t\r\n\f\v])[a-z]/gu, upperAscii),
  base64encode: (values) => (values.length === 1 ? Buffer.from(textArgument(values[0])).toString('base64') : -1),
  base64decode: (values) => (values.length === 1 ? decodeBase64(textArgument(values[0])) : -1),
  getCRMIDFromWSID: ([id]) => textArgument(id).split('x')[1] ?? '',
  num2str: ([number, language = 'en']) =>
    textArgument(number) === '' ? '' : inWords(textArgument(number), textArgument(language)),
  translate: ([key], { environment }) =>
    environment.services.install.translate?.(textArgument(key), environment.user.preferences.language) ??
    textArgument(key),
};

function concat(guard: JsonataGuard, values: readonly LegacyValue[]): string {
  let joined = '';
  for (const value of values) joined += toLegacyText(value);
  guard.checkLength(joined.length);
  return joined;
}

/** Characters that do not belong into Base64 are left out. */
function decodeBase64(value: string): string {
  return Buffer.from(value.replace(/[^A-Za-z0-9+/]+/gu, ''), 'base64').toString('utf8');
}

function upperAscii(value: string): string {
  return value.replace(/[a-z]+/gu, (letters) => letters.toUpperCase());
}

function lowerAscii(value: string): string {
  return value.replace(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}

function countCharacters(value: string): number {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
}

/** Where the text begins, whatever the letter case; -1 when it does not occur. */
function position(hay: string, needle: string): number {
  const index = lowerAscii(hay).indexOf(lowerAscii(needle));
  return index <= 0 ? index : countCharacters(hay.slice(0, index));
}

function inWords(value: string, language: string): string {
  if (!isNumeric(value)) {
    throw new MapwrightError('EXPRESSION_FAILED', `num2str needs a number, and "${value.slice(0, 40)}" is none`);
  }
  const written = value.trim();
  // What is written with an exponent is laid out in digits first.
  const digits = /^[+-]?[\d.]+$/u.test(written) ? written : inDigits(Number(written), 2);
  return spellNumber(digits, language);
}

/** PHP's substr: negative counts are from the end. */
function substring(values: readonly LegacyValue[]): string {
  const characters = [...textArgument(values[0])];
  const start = Math.trunc(numberArgument(values[1] ?? 0));
  const from = start < 0 ? Math.max(0, characters.length + start) : start;
  const length = values[2] === undefined || values[2] === null ? undefined : Math.trunc(numberArgument(values[2]));
  const to = length === undefined ? undefined : length < 0 ? length : from + length;
  return characters.slice(from, to).join('');
}

/** One text or several in turn are replaced, in one text or in each member of a list. */
function replaceEverywhere(
  guard: JsonataGuard,
  subject: LegacyValue,
  { search, replacement }: { readonly search: LegacyValue; readonly replacement: LegacyValue },
): LegacyValue {
  if (Array.isArray(subject)) {
    return subject.map((member: LegacyValue) => replaceEverywhere(guard, member, { search, replacement }));
  }
  if (!Array.isArray(search))
    return replaceAll(guard, textArgument(search), { by: textArgument(replacement), in: textArgument(subject) });
  let replaced = textArgument(subject);
  for (const [index, sought] of search.entries()) {
    const by = Array.isArray(replacement) ? (replacement[index] ?? '') : replacement;
    replaced = replaceAll(guard, textArgument(sought), { by: textArgument(by), in: replaced });
  }
  return replaced;
}

/** What is put in the place of what is found, and where it is looked for. */
interface Replacement {
  readonly by: string;
  readonly in: string;
}

function replaceAll(guard: JsonataGuard, search: string, replacement: Replacement): string {
  return search === '' ? replacement.in : joinTexts(guard, replacement.in.split(search), replacement.by);
}

/** Null when the pattern is none, as PHP gives. */
function replaceRegex(guard: JsonataGuard, pattern: string, replacement: Replacement): string | null {
  guard.checkTime();
  const compiled = compilePattern(pattern);
  if (compiled === undefined) return null;
  checkRegexWork(compiled, replacement.in.length);
  let length = replacement.in.length;
  const replaceOne = (...found: unknown[]): string => {
    guard.checkTime();
    const text = replacement.by.replace(/(?:\$|\\)\{?(\d{1,2})\}?/gu, (_, group: string) =>
      groupText(found[Number(group)]),
    );
    length += text.length;
    guard.checkLength(length);
    return text;
  };
  return compiled.regex.matcher(replacement.in).replaceAll(replaceOne);
}

function groupText(group: unknown): string {
  return typeof group === 'string' ? group : '';
}

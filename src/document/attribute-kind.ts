import type { Located, SourceText } from '../core/diagnostic.ts';
import { didYouMean } from '../core/suggestion.ts';
import { sliceSource } from '../xml/source-text.ts';

/** What an attribute may hold, and what it is read as. */
export interface AttributeKind<T> {
  /** Completes the sentence `"x" is not ...`. */
  readonly expected: string;
  /** The code of the diagnostic when it holds something else. */
  readonly code: string;
  /** Undefined when the text is not of this kind. */
  read(source: SourceText): T | undefined;
  /** What to do about a wrong text. */
  hint?(text: string): string | undefined;
}

/** A kind whose values are numbers, which can be read from any text. */
export interface NumberKind extends AttributeKind<number> {
  parse(text: string): number | undefined;
}

const INVALID = 'DOCUMENT_ATTRIBUTE_INVALID';

/** Any text, the empty one too. */
export const TEXT: AttributeKind<SourceText> = { expected: 'a text', code: INVALID, read: (source) => source };

/** A text that is not empty. */
export const FILLED: AttributeKind<SourceText> = matching(/^[^]+$/u, 'a text with something in it');

/** The name of a document or a task. */
export const NAME: AttributeKind<SourceText> = matching(
  /^[A-Za-z][A-Za-z0-9._-]*$/u,
  'a name: a letter, then letters, digits, ".", "_" or "-"',
);

/** The name of a context value. */
export const CONTEXT_KEY: AttributeKind<SourceText> = matching(
  /^[A-Za-z_][A-Za-z0-9_]*$/u,
  'a context name: letters, digits and "_"',
);

/** `true` or `false`. */
export const BOOLEAN: AttributeKind<boolean> = {
  expected: 'true or false',
  code: INVALID,
  read: ({ value }) => (value === 'true' ? true : value === 'false' ? false : undefined),
};

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time, `500ms 10s 5m 12h 7d`, in milliseconds. */
export const DURATION: NumberKind = {
  expected: 'a duration such as 500ms, 10s, 5m, 12h or 7d',
  code: 'DOCUMENT_DURATION_INVALID',
  parse(text) {
    const match = /^([1-9][0-9]{0,5})(ms|s|m|h|d)$/u.exec(text);
    const unit = UNIT_MS[match?.[2] ?? ''];
    return unit === undefined ? undefined : Number(match?.[1]) * unit;
  },
  read: ({ value }) => DURATION.parse(value),
  hint: (text) => (/^[0-9]+$/u.test(text) ? `add a unit: ${text.slice(0, 6)}s` : undefined),
};

/** How long something is kept: a length of time from an hour up, in milliseconds, or `forever`: null. */
export const KEEP: AttributeKind<{ readonly ms: number | null }> = {
  expected: 'a length of time from 1h up, such as 12h or 30d, or forever',
  code: 'DOCUMENT_DURATION_INVALID',
  read({ value }) {
    if (value === 'forever') return { ms: null };
    const match = /^([1-9][0-9]{0,3})(h|d)$/u.exec(value);
    return match === null ? undefined : { ms: Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0) };
  },
  hint: (text) => (/^[0-9]+$/u.test(text) ? `add a unit: ${text.slice(0, 4)}d` : undefined),
};

/** A whole number from 1 to 999999. */
export const COUNT: NumberKind = numberKind('a whole number from 1 to 999999', /^[1-9][0-9]{0,5}$/u);

/** A whole number from 0 to 999999. */
export const COUNT_OR_NONE: NumberKind = numberKind('a whole number from 0 to 999999', /^(?:0|[1-9][0-9]{0,5})$/u);

/** A number from 1 with at most three decimals. */
export const FACTOR: NumberKind = numberKind('a number from 1 to 999.999', /^[1-9][0-9]{0,2}(?:\.[0-9]{1,3})?$/u);

const SIZE_BYTES: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 * 1024, GiB: 1024 * 1024 * 1024 };

/** A size, `64KiB 10MiB`, in bytes. */
export const SIZE: NumberKind = {
  expected: 'a size such as 64KiB or 10MiB',
  code: INVALID,
  parse(text) {
    const match = /^([1-9][0-9]{0,5})(KiB|MiB|GiB)$/u.exec(text);
    const unit = SIZE_BYTES[match?.[2] ?? ''];
    return unit === undefined ? undefined : Number(match?.[1]) * unit;
  },
  read: ({ value }) => SIZE.parse(value),
};

function numberKind(expected: string, form: RegExp): NumberKind {
  const parse = (text: string): number | undefined => (form.test(text) ? Number(text) : undefined);
  return { expected, code: INVALID, parse, read: ({ value }) => parse(value) };
}

/** One of a few words. */
export function choice<const T extends string>(...words: readonly T[]): AttributeKind<T> {
  return {
    expected: `one of ${words.join(', ')}`,
    code: INVALID,
    read: ({ value }) => words.find((word) => word === value),
    hint: (text) => didYouMean(text, words),
  };
}

/** A text of a given form. The pattern must be anchored at both ends. */
export function matching(pattern: RegExp, expected: string): AttributeKind<SourceText> {
  return { expected, code: INVALID, read: (source) => (pattern.test(source.value) ? source : undefined) };
}

/** One or more words separated by blanks (xs:list), each of a given form. The pattern must be anchored at both ends. */
export function listOf(item: RegExp, expected: string): AttributeKind<readonly Located<string>[]> {
  return {
    expected,
    code: INVALID,
    read(source) {
      const words = [...source.value.matchAll(/[^ \t\r\n]+/gu)];
      if (words.length === 0 || words.some((word) => !item.test(word[0]))) return undefined;
      return words.map((word) => sliceSource(source, word.index, word.index + word[0].length));
    },
  };
}

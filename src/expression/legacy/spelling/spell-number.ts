import { MapwrightError } from '../../../core/error.ts';
import { ENGLISH } from './english.ts';
import { FRENCH } from './french.ts';
import { GERMAN } from './german.ts';
import { ITALIAN } from './italian.ts';
import type { SpellingLanguage } from './language.ts';
import { PORTUGUESE } from './portuguese.ts';
import { SPANISH } from './spanish.ts';

const LANGUAGES: ReadonlyMap<string, SpellingLanguage> = new Map([
  ['en', ENGLISH],
  ['es', SPANISH],
  ['de', GERMAN],
  ['fr', FRENCH],
  ['it', ITALIAN],
  ['pt', PORTUGUESE],
]);

/**
 * A number in words, in capitals, what stands for the decimal point in small letters: `2017.34` is
 * `TWO THOUSAND SEVENTEEN point THIRTY FOUR`. The language is a code (`en`, `es_es`). Throws EXPRESSION_FAILED for other
 * languages and for numbers that are too large to have words.
 */
export function spellNumber(digits: string, language: string): string {
  const spelling = LANGUAGES.get(language.slice(0, 2).toLowerCase());
  if (spelling === undefined) {
    throw new MapwrightError('EXPRESSION_FAILED', `there are no words for numbers in "${language.slice(0, 20)}"`, {
      hint: `one of ${[...LANGUAGES.keys()].join(', ')}`,
    });
  }
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/u.exec(digits) ?? [];
  const parts = [spellWhole(whole, spelling).toUpperCase()];
  if (sign === '-') parts.unshift(spelling.minus.toUpperCase());
  if (/[1-9]/u.test(fraction)) parts.push(spelling.point, spellFraction(fraction, spelling).toUpperCase());
  return parts.join(' ');
}

function spellWhole(digits: string, spelling: SpellingLanguage): string {
  const significant = digits.replace(/^0+/u, '');
  const groups = significant
    .padStart(Math.ceil(significant.length / 3) * 3, '0')
    .split(/(?=(?:\d{3})+$)/u)
    .map(Number);
  if (groups.length - 1 > spelling.scales) {
    throw new MapwrightError('EXPRESSION_FAILED', `a number of ${significant.length} digits is too large for words`);
  }
  const parts = groups.flatMap((number, index) => {
    const scale = groups.length - 1 - index;
    return number === 0 ? [] : scale === 0 ? spelling.belowThousand(number) : spelling.scaled(number, scale);
  });
  return parts.length === 0 ? spelling.belowThousand(0) : spelling.join(parts, groups.at(-1) ?? 0);
}

/** The digits behind the point are one number; noughts before it are said one by one. */
function spellFraction(fraction: string, spelling: SpellingLanguage): string {
  const digits = fraction.slice(0, 9);
  const noughts = /^0*/u.exec(digits)?.[0].length ?? 0;
  return [...Array.from({ length: noughts }, () => spelling.belowThousand(0)), spellWhole(digits, spelling)].join(' ');
}

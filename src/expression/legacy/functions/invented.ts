import { MapwrightError } from '../../../core/error.ts';
import type { LegacyRandom } from '../services.ts';
import { type LegacyValue, toLegacyText, toNumber } from '../value.ts';
import type { FunctionFamily, FunctionScope } from './function.ts';
import {
  CITIES,
  COLORS,
  COMPANY_ENDINGS,
  COUNTRIES,
  COUNTRY_CODES,
  CURRENCIES,
  DOMAINS,
  FIRST_NAMES,
  JOB_TITLES,
  LAST_NAMES,
  STREETS,
  TITLES,
  WORDS,
} from './invented-word.ts';
import { hexDigits, oneOf, wholeBelow, wholeBetween } from './random.ts';

/** Invented data for trials, drawn from the step's seed. */
export const INVENTED_FUNCTIONS: FunctionFamily = {
  faker: ([kind = '', ...options], scope) => invent(toLegacyText(kind), options, scope),
};

type Invent = (random: LegacyRandom, options: readonly LegacyValue[], scope: FunctionScope) => LegacyValue;

const DAY_MS = 86_400_000;
const MOST_WORDS = 1000;

const KINDS: Readonly<Record<string, Invent>> = {
  title: (random) => oneOf(random, TITLES),
  firstName: (random) => oneOf(random, FIRST_NAMES),
  lastName: (random) => oneOf(random, LAST_NAMES),
  name: (random) => `${oneOf(random, FIRST_NAMES)} ${oneOf(random, LAST_NAMES)}`,
  jobTitle: (random) => oneOf(random, JOB_TITLES),
  company: (random) => `${oneOf(random, LAST_NAMES)} ${oneOf(random, COMPANY_ENDINGS)}`,
  userName,
  email,
  safeEmail: email,
  companyEmail: email,
  domainName: (random) => oneOf(random, DOMAINS),
  url: (random) => `https://${oneOf(random, DOMAINS)}/${oneOf(random, WORDS)}`,
  slug: (random) => words(random, 3).join('-'),
  ipv4: (random) => `192.0.2.${wholeBetween(random, 1, 254)}`,
  password: (random) => hexDigits(random, 16),
  phoneNumber: (random) => `+1-202-555-01${String(wholeBelow(random, 100)).padStart(2, '0')}`,
  streetName: (random) => oneOf(random, STREETS),
  buildingNumber: (random) => String(wholeBetween(random, 1, 200)),
  streetAddress,
  city: (random) => oneOf(random, CITIES),
  postcode,
  country: (random) => oneOf(random, COUNTRIES),
  countryCode: (random) => oneOf(random, COUNTRY_CODES),
  address: (random) => `${streetAddress(random)}, ${postcode(random)} ${oneOf(random, CITIES)}`,
  latitude: (random) => Number((random.next() * 180 - 90).toFixed(6)),
  longitude: (random) => Number((random.next() * 360 - 180).toFixed(6)),
  word: (random) => oneOf(random, WORDS),
  words: (random, [count = 3, joined = 0]) => (joined === 0 ? words(random, count) : words(random, count).join(' ')),
  sentence: (random, [count = 6]) => sentence(random, count),
  paragraph: (random, [count = 3]) => sentences(random, count),
  text: (random, [length = 200]) => sentences(random, 30).slice(0, Math.max(5, Math.min(1000, toNumber(length)))),
  colorName: (random) => oneOf(random, COLORS),
  hexColor: (random) => `#${hexDigits(random, 6)}`,
  currencyCode: (random) => oneOf(random, CURRENCIES),
  boolean: (random, [percent = 50]) => random.next() * 100 < toNumber(percent),
  randomDigit: (random) => wholeBelow(random, 10),
  randomDigitNotNull: (random) => wholeBetween(random, 1, 9),
  randomNumber: (random, [digits = 9]) => wholeBelow(random, 10 ** Math.max(1, Math.min(15, toNumber(digits)))),
  randomFloat: (random, [digits = 2, least = 0, most = 1000]) =>
    Number((toNumber(least) + random.next() * (toNumber(most) - toNumber(least))).toFixed(limited(digits, 15))),
  numberBetween: (random, [from = 0, to = 2_147_483_647]) => between(random, toNumber(from), toNumber(to)),
  randomLetter: (random) => String.fromCharCode(97 + wholeBelow(random, 26)),
  randomElement: (random, [list = null]) => {
    const members = typeof list === 'object' && list !== null ? Object.values<LegacyValue>(list) : [];
    return members[wholeBelow(random, members.length)] ?? null;
  },
  numerify: (random, [pattern = '###']) => toLegacyText(pattern).replaceAll('#', () => String(wholeBelow(random, 10))),
  lexify: (random, [pattern = '????']) =>
    toLegacyText(pattern).replaceAll('?', () => String.fromCharCode(97 + wholeBelow(random, 26))),
  uuid: (random) => hexDigits(random, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/u, '$1-$2-4$3-a$4-$5'),
  md5: (random) => hexDigits(random, 32),
  sha1: (random) => hexDigits(random, 40),
  date: (random, _, scope) => pastMoment(random, scope).slice(0, 10),
  time: (random, _, scope) => pastMoment(random, scope).slice(11, 19),
  year: (random, _, scope) => pastMoment(random, scope).slice(0, 4),
  dateTime: (random, _, scope) => pastMoment(random, scope).slice(0, 19).replace('T', ' '),
};

function invent(kind: string, options: readonly LegacyValue[], scope: FunctionScope): LegacyValue {
  const make = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (make !== undefined) return make(scope.environment.services.random, options, scope);
  throw new MapwrightError('EXPRESSION_FAILED', `faker cannot invent "${kind.slice(0, 40)}"`, {
    hint: `one of ${Object.keys(KINDS).join(', ')}`,
  });
}

function userName(random: LegacyRandom): string {
  return `${oneOf(random, FIRST_NAMES)}.${oneOf(random, LAST_NAMES)}`.toLowerCase();
}

function email(random: LegacyRandom): string {
  return `${userName(random)}@${oneOf(random, DOMAINS)}`;
}

function streetAddress(random: LegacyRandom): string {
  return `${wholeBetween(random, 1, 200)} ${oneOf(random, STREETS)}`;
}

function postcode(random: LegacyRandom): string {
  return String(wholeBetween(random, 10_000, 99_999));
}

function limited(value: LegacyValue, most: number): number {
  return Math.max(0, Math.min(most, Math.trunc(toNumber(value))));
}

function between(random: LegacyRandom, from: number, to: number): number {
  return wholeBetween(random, Math.min(from, to), Math.max(from, to));
}

function words(random: LegacyRandom, count: LegacyValue): string[] {
  return Array.from({ length: limited(count, MOST_WORDS) }, () => oneOf(random, WORDS));
}

function sentence(random: LegacyRandom, count: LegacyValue): string {
  const text = words(random, count).join(' ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function sentences(random: LegacyRandom, count: LegacyValue): string {
  return Array.from({ length: limited(count, 100) }, () => sentence(random, 6)).join(' ');
}

/** Within the ten years before now, in UTC. */
function pastMoment(random: LegacyRandom, { environment }: FunctionScope): string {
  const back = random.next() * 3650 * DAY_MS;
  return new Date(environment.services.clock.now() - back).toISOString();
}

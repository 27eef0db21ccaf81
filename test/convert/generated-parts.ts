import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.ts';
import type { Part } from './conversion-fixture.ts';

/** Texts with everything that has to be escaped somewhere; no HTML entities, which coreBOS alone replaces. */
const TEXT = fc
  .oneof(
    fc.constantFrom(
      '',
      '0',
      '7',
      '1.50',
      ' x ',
      'Müller & Söhne',
      '"M8" C:\\new',
      'a/b?c=d&e',
      '50% +',
      '螺栓 🔩',
      "it's",
      'two\nlines',
      '{record.note}',
    ),
    fc.string({ maxLength: 8 }),
  )
  .map((text) => text.replaceAll(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|&(?=[#a-zA-Z])/gu, ''));
const NUMBER = fc.oneof(
  fc.constantFrom(0, 1, -1, 131, 0.1, 1234.5),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => cents / 100),
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null, freq: 4 });

/** A record of the module of every type; empty values among them. */
export const RECORD: fc.Arbitrary<JsonObject> = fc.record({
  id: fc.constant('11x74'),
  accountname: TEXT,
  note: TEXT,
  employees: maybe(fc.integer({ min: -1000, max: 100_000 })),
  revenue: maybe(NUMBER),
  active: maybe(fc.boolean()),
  since: maybe(fc.constantFrom('2024-02-29', '2025-12-31')),
  met: maybe(fc.constantFrom('2024-02-29T23:59:59Z', '2025-03-14T10:20:30Z')),
  rating: fc.constantFrom('', 'Hot', '--None--'),
  parent: fc.constantFrom('', '11x3'),
});
/** What outputs of earlier calls left behind. */
export const CONTEXT: fc.Arbitrary<JsonObject> = fc.record({
  token: TEXT.filter((text) => text !== '0'),
  lines: fc.constant(['a', 'b']),
});

const FIELD = fc.constantFrom(
  'accountname',
  'note',
  'employees',
  'revenue',
  'active',
  'since',
  'met',
  'rating',
  'parent',
);
const QUOTED = TEXT.filter((text) => !/['\\"]/u.test(text)).map((text) => `'${text}'`);

const call = (name: string, ...given: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...given).map((values) => `${name}(${values.join(', ')})`);
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(' '));
const all = (text: string): fc.Arbitrary<string> => fc.constant(text);
const choice = (
  when: fc.Arbitrary<string>,
  then: fc.Arbitrary<string>,
  otherwise: fc.Arbitrary<string>,
): fc.Arbitrary<string> => joined(all('(if'), when, all('then'), then, all('else ('), otherwise, all(') end)'));
const ARITHMETIC = fc.constantFrom('+', '-', '*', '/');
const COMPARISON = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const EQUALITY = fc.constantFrom('==', '!=');

/** Expressions that have types, of everything that is translated. */
export const TYPED = fc.letrec<{ text: string; number: string; truth: string }>((tie) => {
  const [text, number, truth] = [tie('text'), tie('number'), tie('truth')];
  return {
    text: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom(
        'accountname',
        'note',
        'rating',
        'since',
        'met',
        "getFromContext('token')",
        'employees',
        'revenue',
        'active',
      ),
      QUOTED,
      call('concat', text, text, text),
      call('concat', text, number, truth),
      call('coalesce', text, text),
      call('substring', text, fc.constantFrom('1', '-2', '0'), fc.constantFrom('2', '0', '10')),
      call('stringreplace', QUOTED, text, text),
      choice(truth, text, text),
    ),
    number: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom('employees', 'revenue', '0', '5', '2.5', "'12'"),
      joined(all('('), number, ARITHMETIC, number, all(')')),
      joined(number, ARITHMETIC, number),
      call('stringlength', text),
      call('ceil', number),
      call('floor', number),
      choice(truth, number, number),
      number.map((one) => `-(${one})`),
    ),
    truth: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      joined(all('('), number, COMPARISON, fc.constantFrom('0', '5', "'12'", "''"), all(')')),
      joined(all('('), fc.constantFrom('0', '5', "'12'"), COMPARISON, number, all(')')),
      joined(all('('), number, COMPARISON, number, all(')')),
      joined(all('('), text, EQUALITY, fc.constantFrom("'Hot'", "''", "'0'", "'2024-02-29'"), all(')')),
      joined(all('(active'), EQUALITY, fc.constantFrom("'1'", '0', "''", '1'), all(')')),
      call('AND', truth, text),
      call('OR', truth, number),
      call('NOT', text),
    ),
  };
});

/** Expressions in which anything stands anywhere, functions that are not translated among it. */
const { untyped: UNTYPED } = fc.letrec<{ untyped: string }>((tie) => {
  const inner = tie('untyped');
  return {
    untyped: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      FIELD,
      QUOTED,
      fc.constantFrom('0', '5', '2.5', "'12'", "''", "getFromContext('token')", "'Hot'"),
      joined(inner, fc.oneof(ARITHMETIC, COMPARISON), inner),
      choice(inner, inner, inner),
      call('concat', inner, inner),
      call('hash', inner, fc.constantFrom("'md5'", "'sha1'", "'sha256'")),
      call('uppercase', inner),
      call('jsonEncode', inner),
      call('array', inner, inner),
    ),
  };
});
export const EXPRESSION = fc.oneof(
  TYPED.text,
  TYPED.number,
  TYPED.truth,
  call('hash', TYPED.text, all("'md5'")),
  UNTYPED,
);

/** One Orgfield of any kind. */
export const PART: fc.Arbitrary<Part> = fc.oneof(
  fc.tuple(FIELD, fc.constant('')),
  fc.tuple(fc.constantFrom('token', 'nothing'), fc.constant('')),
  fc.tuple(TEXT, fc.constant('CONST')),
  fc.tuple(FIELD, fc.constant('FIELD')),
  fc.tuple(
    fc
      .tuple(
        TEXT.map((text) => text.replaceAll('$', '')),
        FIELD,
      )
      .map(([text, field]) => `${text} $${field}.`),
    fc.constant('TEMPLATE'),
  ),
  { weight: 4, arbitrary: fc.tuple(EXPRESSION, fc.constant('EXPRESSION')) },
  fc.tuple(FIELD, fc.constant(''), fc.constantFrom('intval', 'floatval', 'addslashes')),
);

import { LEGACY_FUNCTION_NAMES } from '../../../src/expression/legacy/functions/registry.ts';
import { Grammar } from './grammar.ts';
import { hostileText } from './hostile-text.ts';
import { CALL_RULES } from './legacy-calls.ts';
import type { Random } from './random.ts';

/** The legacy workflow language: every function with what it takes, all of the grammar, and what looks like it and is not. */
export const LEGACY_GRAMMAR = new Grammar(
  {
    ...CALL_RULES,
    expression: ['«value»', '«call»', '«call»', '«call»', '«binary»', '(«expression»)', '«choice»', '«unary»', '«odd»'],
    value: ['«number»', '«text»', '«field»', '«related»', "''"],
    any: ['«expression»', '«value»', '«rows»', '«hostile-text»', 'array(«list»)'],
    number: ['«digit»', '«digit»«digit»', '«digit».«digit»', '.«digit»', '-«digit»', '99999999999999999999', '«any»'],
    numbers: ['«number»', '«number», «numbers»', '«digit», «digit», «digit»'],
    text: ["'«letters»'", '«hostile-text»', '«field»', '«expression»', "'a\\'b\\n\\x41\\101'", '"«letters»"'],
    'hostile-text': ["'«hostile»'"],
    related: [
      '$(account_id : (Accounts) «field»)',
      '$(assigned_user_id : (Users) user_name)',
      '$(«field» : («module») record_id)',
    ],
    binary: [
      '«value» «operator» «value»',
      '«value» «operator» «expression»',
      '«call»«operator»«call»',
      '(«expression») «operator» «expression»',
    ],
    operator: ['+', '-', '*', '/', '==', '!=', '<', '<=', '>', '>=', '&gt;', '&lt;='],
    unary: ['-«expression»', '+«value»', '--«number»'],
    choice: [
      'if «expression» then «expression» else «expression» end',
      'if «value» then «value» else «choice»',
      'if «expression» then «expression» else if «expression» then «expression» else «expression» end',
    ],
    odd: [
      '«expression» «expression»',
      '`«letters»`',
      '«expression» % 3',
      '«value» and «value»',
      'true',
      '«letters»(«list»)',
      'previousvalue_«field»',
    ],
    call: LEGACY_FUNCTION_NAMES.map((name) => `«call-${name}»`),
    list: ['«expression»', '«expression», «list»', '«value», «value»'],
    rows: [
      "getFromContext('lines')",
      "getFromContext('customer')",
      'jsonDecode(\'[{"sku":"A","tags":[{"sku":1}]},{"sku":null}]\')',
      'array(«list»)',
      '«call»',
    ],
    date: [
      "'2024-02-29'",
      "'2024-12-31 23:59:59'",
      "'31-12-2024'",
      "'20«digit»«digit»-0«digit»-1«digit»'",
      'day',
      'stamp',
      "''",
      '«text»',
    ],
    time: ["'08:30'", "'23:59:59'", 'hours', '«date»'],
    days: ['15,30', '1', '31', '«letters»', '0,40', ''],
    holidays: ['Holidays', '2025-03-17,2025-03-18', '«letters»', ''],
    conditions: ['[quantity,g,1,and]', '[«field»,«list-operation»,«letters»,or],[name,e,A,and]', '«hostile»'],
    'list-operation': ['e', 'n', 's', 'ew', 'c', 'k', 'l', 'g', 'm', 'h', 'b', 'a', '«letters»'],
    sql: [
      'quantity * 2',
      'sum(quantity)',
      'time_to_sec(worked)',
      '«field» + («field» / 0)',
      'quantity - -quantity * coalesce(«field», 1)',
      '«hostile»',
    ],
    json: ['{"«letters»":[«digit»,«digit».5]}', '[«json»]', '"«letters»"', '«hostile»'],
    id: ["'11x74'", "'12x«digit»'", "'74'", 'id', 'account_id', '«text»'],
  },
  word,
);

/** What a word of a rule may be. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  letters: ['a', 'b', 'ab', 'x1', 'token', 'name'],
  field:
    'name price employees ticked day stamp hours status colours account_id assigned_user_id empty none id nope quantity worked tags constructor __proto__'.split(
      ' ',
    ),
  module: ['Lines', 'Lines', 'Accounts', 'Users', 'Nope'],
  map: 'Size Greeting Joined LinesOf LinesBySql Discount RowMap TagMap Chosen Holidays Endless nope __proto__'.split(
    ' ',
  ),
  setting: ['counter', 'tax_VAT', 'x', '__proto__'],
  aggregate: 'sum min max avg count std variance group_concat time_to_sec nope'.split(' '),
  statistic: [
    ...'mean median mode multimode quantiles stdev pstdev variance pvariance harmonicMean geometricMean correlation'.split(
      ' ',
    ),
    ...'covariance linearRegression firstQuartile thirdQuartile interquartileRange count min max nope'.split(' '),
  ],
  frequency: [
    ...'frequencies cumulativeFrequencies relativeFrequencies cumulativeRelativeFrequencies frequencyTable'.split(' '),
    ...'frequencyTableBySize nope'.split(' '),
  ],
  language: ['en', 'es', 'de', 'fr', 'it', 'pt', 'en_us', 'nope'],
  invented: 'name text words numberBetween randomNumber date uuid numerify lexify bothify iban ipv4 title nope'.split(
    ' ',
  ),
  digest: ['md5', 'crc32', 'crc32b', 'sha3-512', 'adler32', 'sha256', 'sha512', 'whirlpool', 'fnv1a64', 'nope'],
  moment: ['now', 'Tomorrow', 'YESTERDAY', 'time', 'nope'],
  format: ['Y-m-d', 'd/m/Y H:i:s', 'D, d M y', 'jS z t L B G h A e T P c r U u v', 'N W o l F n', '\\Y\\\\', ''],
  regex: ['a+', '(a+)+$', '[', '/x/', '(.*)(.*)', '\\\\d', '(?=a)', '^', '\\\\pL', '(?<n>b)', 'a{1,99999}', '#/i'],
  replacement: ['$1', '${1}x', '\\\\0', '$99', ''],
  key: [
    'token',
    'lines.0.sku',
    'lines',
    'customer.address.city',
    'count',
    'current_row',
    'nope.a',
    '..',
    '',
    '__proto__.x',
  ],
  member: ['sku', 'qty', 'tags', 'price', 'nope'],
  bit: ['0', '1'],
};

function word(random: Random, rule: string): string | undefined {
  if (rule === 'digit') return String(random.below(10));
  if (rule === 'hostile') return hostileText(random).replaceAll(/['\\]/gu, '');
  const choices = WORDS[rule];
  return choices === undefined ? undefined : random.pick(choices);
}

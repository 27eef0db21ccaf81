import { LEGACY_FUNCTION_NAMES } from '../../../src/expression/legacy/functions/registry.ts';
import { Grammar } from './grammar.ts';
import { hostileText } from './hostile-text.ts';
import type { Random } from './random.ts';

/** The legacy workflow language. */
export const LEGACY_GRAMMAR = new Grammar(
  {
    expression: ['«value»', '«call»', '«call»', '«binary»', '(«expression»)', '«choice»', '-«value»'],
    value: ['«number»', "'«letters»'", "'«hostile»'", '«field»', '$(account_id : (Accounts) «field»)', "'' "],
    number: ['«digit»', '«digit»«digit»', '«digit».«digit»', '.«digit»', '99999999999999999999'],
    binary: ['«value» «operator» «value»', '«value» «operator» «expression»'],
    operator: ['+', '-', '*', '/', '==', '!=', '<', '<=', '>', '>='],
    choice: ['if «expression» then «expression» else «expression» end', 'if «value» then «value» else «choice»'],
    call: [
      '«function»(«expression»)',
      '«function»(«value», «value»)',
      '«function»(«expression», «expression», «expression»)',
      '«function»()',
      'concat(«list»)',
      'stringreplace(«value», «value», «expression»)',
      "regexreplace('«regex»', «value», «expression»)",
      "regex('«regex»', «expression»)",
      "jsonDecode('{«letters»: 1}')",
      "getFromContext('«key»')",
      "setToContext('«letters»', «expression»)",
      "implode(',', array(«list»))",
      "explode(',', «expression»)",
      'substring(«expression», «number», -«number»)',
      'number_format(«number», «number», «value», «value»)',
      'power(«number», «number»)',
      "statistics('«statistic»', array(«list»))",
      "statistics('«statistic»', «list»)",
      "statistics('«statistic»', array(«list»), array(«list»), «number»)",
      "frequency('«frequency»', array(«list»), «number»)",
      "num2str(«value», '«language»')",
      "faker('«invented»', «value», «value»)",
      "hash(«expression», '«digest»')",
      'add_days(«date», «number»)',
      'time_diff(«date», «date»)',
      "format_date(«date», '«hostile»')",
      'evaluateExpression(«value»)',
      "evaluateExpression('«letters»(«letters»)')",
      "cleanArrayElements(«expression», '«letters»,0', «value»)",
    ],
    statistic: [
      'mean',
      'median',
      'mode',
      'multimode',
      'quantiles',
      'stdev',
      'harmonicMean',
      'correlation',
      '«letters»',
    ],
    frequency: ['frequencies', 'relativeFrequencies', 'frequencyTable', 'frequencyTableBySize', '«letters»'],
    language: ['en', 'es', 'de', 'fr', 'it', 'pt', '«letters»'],
    invented: ['name', 'text', 'words', 'numberBetween', 'randomNumber', 'date', 'uuid', 'numerify', '«letters»'],
    digest: ['md5', 'crc32', 'crc32b', 'sha3-512', 'adler32', '«letters»'],
    date: ["'2024-02-29'", "'2024-12-31 23:59:59'", "'31-12-2024'", "'«hostile»'", '«value»'],
    list: ['«expression»', '«expression», «list»'],
    regex: ['a+', '(a+)+$', '[', '/x/', '(.*)(.*)', '\\\\d'],
    key: ['token', 'lines.0.sku', 'token,lines', '«letters»', '..', ''],
  },
  word,
);

/** Expressions as real maps hold them. */
export const LEGACY_TEXTS: readonly string[] = [
  "concat('{', concat('\"productname\":\"', name, '\",'), '}')",
  "hash(concat(getFromContext('token'), 'ACCESS-KEY'), 'md5')",
  "if price == '0' then 'free' else if price > 100 then 'dear' else 'cheap' end",
  "jsonEncode(array(name, price, getFromContext('lines')))",
  'substring(account_id, 0, 2)',
  'getCurrentUserID()',
  "implode('-', explode(' ', name))",
  "coalesce(empty, none, 'x')",
  "number_format(price, 2, ',', '.')",
  'round(price * 1.19, 2) + 10-5-2',
  "regexreplace('[^a-z]+', '-', lowercase(name))",
  "uppercasewords(stringreplace('&', 'and', name))",
  'if AND(isNumeric(price), NOT(price > 10)) then average(1, 2, price) else max(1, 2) end',
  "cleanArrayElements(getFromContext('lines'), 'qty', true)",
  "getFromContextSearching('lines', 'sku', 'A', 'qty')",
  "evaluateExpression('evaluateExpression(name)')",
  "statistics('quantiles', array(1, 2, 3), 1000)",
  "num2str(123456789.05, 'es')",
  'concat(9223372036854775807 + 1, -power(2, 62), `name`, true)',
  "add_workdays(get_date('today'), 10, 1, '2024-01-01')",
  'power(10, 400)',
  'power(-8, 0.3)',
  'number_format(1, 999999999)',
];

const GROWING = [
  "stringreplace('a','aaaaaaaaaa',*)",
  "regexreplace('','xxxxxxxxxx',*)",
  "concat(setToContext('x',*),getFromContext('x'))",
];
const GROWN_TIMES = 12;

/** Expressions that grow until something stops them. */
export const ENDLESS_LEGACY_TEXTS: readonly string[] = GROWING.map((around) => {
  let text = "'aaaaaaaaaa'";
  for (let times = 0; times < GROWN_TIMES; times++) text = around.replace('*', () => text);
  return text;
});

/** Words that mean something in the legacy language. */
export const LEGACY_WORDS: readonly string[] = [
  ...LEGACY_FUNCTION_NAMES,
  ...'if then else end name price empty none account_id == != <= >= &lt; &gt; &amp;'.split(' '),
];

function word(random: Random, rule: string): string | undefined {
  switch (rule) {
    case 'digit':
      return String(random.below(10));
    case 'letters':
      return random.pick(['a', 'b', 'ab', 'x1', 'token']);
    case 'field':
      return random.pick(['name', 'price', 'empty', 'none', 'account_id', 'id', 'nope']);
    case 'function':
      return random.pick(LEGACY_FUNCTION_NAMES);
    case 'hostile':
      return hostileText(random).replaceAll(/['\\]/gu, '');
    default:
      return undefined;
  }
}

import { FUNCTION_NAMES } from '../../../src/expression/jsonata-functions.ts';
import { Grammar } from './grammar.ts';
import { hostileText } from './hostile-text.ts';
import type { Random } from './random.ts';

const FUNCTIONS = [...FUNCTION_NAMES];

/** JSONata over the environment that the product gives it, lambdas, regular expressions and endless recursion included. */
export const JSONATA_GRAMMAR = new Grammar(
  {
    expression: [
      '«value»',
      '«simple»',
      '«path»',
      '«binary»',
      '«call»',
      '«call»',
      '(«expression»)',
      '«block»',
      '«shape»',
    ],
    value: ['«number»', '«string»', '«path»', 'true', 'null', '[«list»]'],
    number: ['«digit»', '«digit»«digit»', '«digit».«digit»', '-«digit»', '1e«digit»«digit»', '9007199254740993'],
    string: ["'«letters»'", '"«letters»"', "'«hostile»'", "''"],
    list: ['«expression»', '«expression», «list»', '1..«digit»', '0..«digit»«digit»«digit»'],
    simple: [
      '«path» = «value»',
      '«path» != «value»',
      'record.«member»',
      'context.lines.«member» = «value»',
      'response.body.success = true',
    ],
    path: [
      'record.name',
      'record.«member»',
      'record.«member»',
      'context.lines.«member»',
      'context.lines[«expression»]',
      'context.lines[«digit»].sku',
      'context.**',
      'context.lines.*',
      'response.body.error.code',
      'context.lines^(>qty)',
      'context.lines@$l.{«string»: $l.sku}',
      'context.lines#$i[$i = «digit»]',
      'changed[«digit»]',
      '$$.record',
      '`record`.`name`',
      '(record).%.record',
    ],
    member: ['name', 'price', 'empty', 'none', 'account_id', 'sku', 'qty', '«letters»'],
    binary: [
      '«value» «operator» «value»',
      '«expression» «operator» «expression»',
      '«expression» ? «expression» : «expression»',
    ],
    operator: ['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', 'and', 'or', 'in', '~>', '?:', '??'],
    call: [
      '$«function»(«expression»)',
      '$«function»(«string»)',
      '$«function»(«value», «value»)',
      '$«function»(«expression», «expression», «expression»)',
      '$«function»()',
      '$«higher»([«list»], «lambda»)',
      '$replace(«string», «regex», «string»)',
      '$match(«path», «regex»)',
      '$split(«string», «regex», «digit»)',
      '$contains(«string», «regex»)',
      '«expression» ~> $«function»',
      '$«function»(?, «value»)(«value»)',
      '$pad(«string», «number», «string»)',
      '$formatNumber(«number», «string»)',
      '$DateTime(«string», «string», «string»)',
      '$fromMillis(«number», «string»)',
      '$toMillis(«string», «string»)',
      '$eval(«string»)',
    ],
    higher: ['map', 'filter', 'reduce', 'single', 'sift', 'each', 'sort'],
    lambda: ['function($a){ «expression» }', 'function($a, $b){ $a «operator» $b }', 'λ($v, $i){ $v }', '$«function»'],
    regex: [
      '/a+/',
      '/«letters»/i',
      '/(a+)+$/',
      '/(.*)(.*)x/',
      '/[a-z]{«digit»,«digit»«digit»}/',
      '/\\«letters»/',
      '/(?=a)/',
      '/()/',
    ],
    block: [
      '($x := «expression»; $x)',
      '($f := function($n){ $n <= 0 ? 0 : $f($n - 1) + 1 }; $f(«digit»«digit»))',
      '($f := function($n){ $n = 0 ? «value» : $f($n - 1) }; $f(«digit»«digit»))',
      '($x := «expression»; $y := $x; [$x, $y, $x])',
      '(«expression»; «expression»)',
    ],
    shape: [
      '{ «string»: «expression» }',
      '«path»{ «member»: «expression» }',
      '|$|{«string»: «expression»}|',
      'context ~> |lines|{"x": «value»}, "qty"|',
    ],
  },
  word,
);

/** Expressions as people write them. */
export const JSONATA_TEXTS: readonly string[] = [
  "record.price > 1 and record.name != ''",
  '$sum(context.lines.qty)',
  "response.body.success = true or response.body.error.code = 'NOPE'",
  "$join(context.lines.sku, ', ')",
  "context.lines[qty > 2].{ 'sku': sku, 'twice': qty * 2 }",
  '$map(context.lines, function($line, $index) { $line.sku & $string($index) })',
  '$reduce([1..100], function($sum, $next) { $sum + $next })',
  "$replace(record.name, /[^a-z]+/i, '-')",
  '( $total := $sum(context.lines.(qty * 2)); $total > 5 ? "many" : "few" )',
  "$DateTime('yyyy-MM-dd', '+1d -2h', 'Europe/Berlin')",
  '$merge([record, { "a": 1 }])',
  '$lookup(record, "name")',
  '$string({ "a": [1, 2, { "b": null }] })',
  '$number("12.5") + $length(record.name)',
  "$formatNumber(record.price, '#,##0.00')",
  '$sort(context.lines, function($a, $b) { $a.qty < $b.qty })',
  '$spread(record)',
  '$exists(record.nothing) ? 1 : 0',
  '$substringBefore(record.account_id, "x")',
  '$base64decode($base64encode(record.name))',
];

/** Expressions that run or grow for ever when nothing stops them. */
export const ENDLESS_JSONATA_TEXTS: readonly string[] = [
  '( $f := function() { $f() }; $f() )',
  '( $f := function($n) { $f($n + 1) & "x" }; $f(0) )',
  '$reduce([1..40], function($text) { $text & $text }, "ab")',
  '( $double := function($list) { $append($list, $list) }; $reduce([1..30], function($list) { $double($list) }, [1]) )',
  '[1..1000].[1..1000]',
  '[0..9999999]',
  "$match($pad('', 5000, 'a'), /(a+)+b/)",
];

/** Words that mean something in JSONata here. */
export const JSONATA_WORDS: readonly string[] = [
  ...FUNCTIONS.map((name) => `$${name}`),
  ...'record previous changed context input user run setting response item and or in function λ := ~> .. ** ^( @$ #$ ? :'.split(
    ' ',
  ),
];

function word(random: Random, rule: string): string | undefined {
  switch (rule) {
    case 'digit':
      return String(random.below(10));
    case 'letters':
      return random.pick(['a', 'b', 'ab', 'name', 'lines', 'x']);
    case 'function':
      return random.pick(FUNCTIONS);
    case 'hostile':
      return hostileText(random).replaceAll(/['\\]/gu, '');
    default:
      return undefined;
  }
}

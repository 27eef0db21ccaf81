import { LEGACY_FUNCTION_NAMES } from '../../../src/expression/legacy/functions/registry.ts';

/** Legacy expressions as real maps hold them. */
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
  "if getRelatedIDs('Lines') == '' then 0 else aggregation('sum', 'Lines', 'quantity', '[name,e,A,and]') end",
  "jsonEncode(getRelatedMassCreateArray('Lines'))",
  "applyMaptoArrayElements(getFromContext('lines'), 'RowMap')",
  "concat($(account_id : (Accounts) name), ' ', format_date(add_days(day, 30), 'd.m.Y'))",
  "getIDof('Accounts', 'account_no', 'ACC74')",
  "implode(',', getFieldsOF('12x1', 'Lines', 'name,quantity'))",
  "networkdays(day, '2025-03-31', 'Holidays') + get_date('today')",
  "evaluateRule('Discount')",
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
  ...'if then else end name price day account_id empty none == != <= >= &lt; &gt; &amp; $( : ( ) \' " ` \\ ,'.split(
    ' ',
  ),
];

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { applyPostProcess } from '../../src/expression/legacy/post-process.ts';

const CASES: readonly (readonly [name: string, value: Json, expected: Json])[] = [
  ['intval', ' 12abc', 12],
  ['intval', '1.9e2x', 190],
  ['intval', '-0.5', 0],
  ['intval', 'abc', 0],
  ['intval', -7.9, -7],
  ['intval', [], 0],
  ['intval', '9007199254740993', '9007199254740993'],
  ['intval', '99999999999999999999', '9223372036854775807'],
  ['intval', '-1e400', '-9223372036854775808'],
  ['intval', '1e3x', 1000],
  ['floatval', '1e400', 'INF'],
  ['floatval', '3045164.000000', 3_045_164],
  ['floatval', '1.5kg', 1.5],
  ['floatval', null, 0],
  ['boolval', '0', false],
  ['boolval', '0.0', true],
  ['boolval', [], false],
  ['addslashes', `it's "\\" \0`, `it\\'s \\"\\\\\\" \\0`],
  ['stripslashes', "a\\'b\\\\c\\", "a'b\\c"],
  ['quotemeta', '1+1=2? (a)[b]^$*.\\', '1\\+1=2\\? \\(a\\)\\[b\\]\\^\\$\\*\\.\\\\'],
  ['htmlentities', `<Chemex> & 'Söns' €`, '&lt;Chemex&gt; &amp; &#039;S&ouml;ns&#039; &euro;'],
  ['htmlspecialchars', `<a b="c">ö`, '&lt;a b=&quot;c&quot;&gt;ö'],
  ['html_entity_decode', '&lt;&ouml;&euro;&#39;&#x41;&nosuch;&amp;lt;', "<ö€'A&nosuch;&lt;"],
  ['json_decode', '{"a":[1,"x"]}', { a: [1, 'x'] }],
  ['json_decode', '{"a": "x\r\ny\nz",\n"b": 1}', { a: 'x\ny\nz', b: 1 }],
  ['json_decode', '0', 0],
  ['json_decode', '[]', []],
  ['json_decode', '""', ''],
  ['json_decode', 'no json', null],
  ['json_decode', '', null],
  ['json_encode', ['12', '1e3', 'a/é', true, null, { n: '0.50' }], '[12,1000,"a\\/\\u00e9",true,null,{"n":0.5}]'],
  ['nosuch', 'x', 'x'],
  ['nosuch', null, null],
];

for (const [name, value, expected] of CASES) {
  test(`postProcess ${name} of ${JSON.stringify(value)}`, () =>
    assert.deepEqual(applyPostProcess(name, value), expected));
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { phpJson } from '../../../src/server/webservice/php-json.ts';

test('slashes and everything outside ASCII are escaped, as json_encode does', () => {
  assert.equal(
    phpJson({ a: 'C:\\new </a> ü 螺 🔩', b: [1, null, true, 'x\n"'] }),
    String.raw`{"a":"C:\\new <\/a> \u00fc \u87ba \ud83d\udd29","b":[1,null,true,"x\n\""]}`,
  );
});

test('it is JSON in ASCII that reads back as the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = phpJson(JSON.parse(JSON.stringify(value)));
      assert.match(text, /^[\u0020-\u007f]*$/u);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
  );
});

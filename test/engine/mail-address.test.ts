import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { readAddresses } from '../../src/engine/mail/mail-address.ts';

describe('addresses of a message', () => {
  const cases: readonly (readonly [value: Json | undefined, shown: readonly string[]])[] = [
    ['anna@example.com', ['|anna@example.com']],
    [' Anna Berg <anna@example.com> ', ['Anna Berg|anna@example.com']],
    ['"Berg, Anna" <anna@example.com>; ben@example.com, ', ['Berg, Anna|anna@example.com', '|ben@example.com']],
    [
      ['a@b.c', null, 'd@e.f,g@h.i', ['j@k.l']],
      ['|a@b.c', '|d@e.f', '|g@h.i', '|j@k.l'],
    ],
    ['<a@b.c>', ['|a@b.c']],
    ['söhne@exämple.com', ['|söhne@exämple.com']],
    ['', []],
    [' , ;', []],
    [null, []],
    [undefined, []],
  ];
  for (const [value, shown] of cases) {
    it(`are ${shown.length} in ${JSON.stringify(value)}`, () => {
      assert.deepEqual(
        readAddresses(value).map(({ name, address }) => `${name}|${address}`),
        shown,
      );
    });
  }

  for (const value of [
    'anna',
    'anna@',
    'a b@example.com',
    'a@b@c',
    'a@b.c\r\nBcc: evil@example.com',
    'x\n<a@b.c>',
    '"evil@a.b x"@example.com',
    `${'a'.repeat(250)}@b.cd`,
    7,
    { address: 'a@b.c' },
  ] as const) {
    it(`are refused in ${JSON.stringify(value).slice(0, 60)}`, () => {
      assert.throws(() => readAddresses(value), { code: 'MAIL_ADDRESS_INVALID' });
    });
  }
});

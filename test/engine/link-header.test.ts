import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { linkedAddress } from '../../src/engine/answer/link-header.ts';

const HEADERS: readonly [header: string | undefined, next: string | undefined][] = [
  [undefined, undefined],
  ['', undefined],
  ['</a?p=2>; rel="next"', '/a?p=2'],
  ['</a>; rel=prev, </b>; rel=next', '/b'],
  ['</a>; title="x, <y>; rel=\\"next\\""; rel="last"', undefined],
  ['</a>; REL="Last NEXT"', '/a'],
  ['</a>; rel="prev"; rel="next"', undefined],
  ['< /a > ; rel = "next"', '/a'],
  ['nonsense, </a>;rel=next', '/a'],
  ['</a', undefined],
];

describe('the address of a link in a Link header', () => {
  for (const [header, next] of HEADERS) {
    it(`${header}`, () => assert.equal(linkedAddress(header, 'next'), next));
  }

  it('is looked for in any text without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => void linkedAddress(text, 'next')));
  });
});

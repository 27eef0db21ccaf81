import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { prepareRequest, wireUrl } from '../../src/connector/outgoing-request.ts';
import { requestTo } from './peer.ts';

const STARTS = [
  'http://a.example',
  'https://A.example:8443',
  'http://0177.0.0.1',
  'http://[::1]:80',
  'https://a.example:443',
];
const piece = fc.constantFrom(..."/ .?&=~+|;:@[ü'", '..', 'a', 'B9', '%2e', '%41');

describe('the form of the wire', () => {
  it('is what the URL parser makes of the address, whether it was read before or not', () => {
    const property = fc.property(fc.constantFrom(...STARTS), fc.array(piece, { maxLength: 12 }), (start, pieces) => {
      const text = `${start}/${pieces.join('')}`;
      const url = wireUrl(text);
      const { origin, host, port, path } = prepareRequest(requestTo(text), 'Test');
      const usual = url.protocol === 'https:' ? 443 : 80;
      assert.deepEqual(
        { origin, host, port, path },
        {
          origin: url.origin,
          host: url.hostname.replace(/^\[(.*)\]$/u, '$1'),
          port: url.port === '' ? usual : Number(url.port),
          path: url.pathname + url.search,
        },
      );
    });
    fc.assert(property, { numRuns: 3_000 });
  });

  it('does not know a host again that was refused', () => {
    for (let time = 0; time < 2; time++) {
      assert.throws(() => prepareRequest(requestTo('http://user@a.example/x'), 'Test'), /user name/u);
      assert.throws(() => prepareRequest(requestTo('http://a.example:0/x'), 'Test'), /port 0/u);
    }
  });

  it('refuses a header each time, under a name that was right before too', () => {
    const withHeader = (name: string, value: string): unknown =>
      prepareRequest(requestTo('http://a.example/', { headers: [[name, value]] }), 'Test').headers;
    assert.deepEqual(withHeader('X-One', ' ü '), ['User-Agent', 'Test', 'X-One', '\u00c3\u00bc']);
    assert.deepEqual(withHeader('X-One', 'a b'), ['User-Agent', 'Test', 'X-One', 'a b']);
    assert.throws(() => withHeader('X-One', 'a\nb'), /control character/u);
    for (let time = 0; time < 2; time++) assert.throws(() => withHeader('Host', 'b.example'), /cannot be given/u);
  });
});

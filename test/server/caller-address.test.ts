import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hono } from 'hono';
import { callerAddress, countedAddress } from '../../src/server/caller-address.ts';

describe('the address of a caller', () => {
  const told = async (forwarded: string | undefined, proxies: number, socket = '10.0.0.9'): Promise<string> => {
    const app = new Hono();
    app.get('/', (context) => context.text(callerAddress(context, proxies)));
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    const incoming = { socket: { remoteAddress: socket, remotePort: 1, remoteFamily: 'IPv4' } };
    return (await app.request('/', { headers }, { incoming })).text();
  };

  it('is what the outermost trusted proxy noted, and nothing that a caller wrote', async () => {
    assert.equal(await told('1.2.3.4', 0), '10.0.0.9');
    assert.equal(await told('1.2.3.4, 10.1.1.1', 1), '10.1.1.1');
    assert.equal(await told('6.6.6.6, 1.2.3.4, 10.1.1.1', 2), '1.2.3.4');
    assert.equal(await told('1.2.3.4', 2), '10.0.0.9', 'too few were noted');
    assert.equal(await told(undefined, 1), '10.0.0.9');
    assert.equal(await told('unknown', 1), '10.0.0.9');
    assert.equal(await told('<script>', 1), '10.0.0.9');
  });

  it('has no port, and one form', async () => {
    assert.equal(await told('1.2.3.4:5678', 1), '1.2.3.4');
    assert.equal(await told('[2001:db8::1]:5678', 1), '2001:db8::1');
    assert.equal(await told('::ffff:1.2.3.4', 1), '1.2.3.4');
    assert.equal(await told(undefined, 0, '::ffff:127.0.0.1'), '127.0.0.1');
  });
});

describe('an address that is counted', () => {
  const cases = [
    ['1.2.3.4', '1.2.3.4'],
    ['unknown', 'unknown'],
    ['2001:db8:0:1:a:b:c:d', '2001:db8:0:1::/64'],
    ['2001:0DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::1.2.3.4', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4::/64'],
  ] as const;
  for (const [address, counted] of cases) {
    it(`is ${counted} for ${address}`, () => assert.equal(countedAddress(address), counted));
  }
});

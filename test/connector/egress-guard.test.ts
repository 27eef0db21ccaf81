import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { rangeOf } from '../../src/connector/address-range.ts';
import { parseEgressAllow, refuseEgress } from '../../src/connector/egress-guard.ts';
import { answerOf, connectorFor, failureOf, httpPeer, requestTo, socketsClosed } from './peer.ts';

const RANGES = [
  ['8.8.8.8', 'public'],
  ['172.15.255.255', 'public'],
  ['172.32.0.1', 'public'],
  ['2606:4700::1111', 'public'],
  ['64:ff9b::808:808', 'public'],
  ['2002:808:808::1', 'public'],
  ['0.0.0.0', 'unspecified'],
  ['::', 'unspecified'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['0:0:0:0:0:FFFF:7F00:0001', 'loopback'],
  ['::127.0.0.1', 'loopback'],
  ['::ffff:0:127.0.0.1', 'loopback'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['2002:7f00:1::', 'loopback'],
  ['2606:4700::5efe:7f00:1', 'loopback'],
  ['2606:4700::200:5efe:10.0.0.1', 'private'],
  ['2606:4700::5efe:808:808', 'public'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['::ffff:192.168.1.1', 'private'],
  ['64:ff9b::10.1.2.3', 'private'],
  ['fc00::1', 'private'],
  ['fdff::1', 'private'],
  ['fec0::1', 'private'],
  ['100.64.0.1', 'shared'],
  ['100.127.255.255', 'shared'],
  ['169.254.1.1', 'link-local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['169.254.169.254', 'metadata'],
  ['::ffff:169.254.169.254', 'metadata'],
  ['64:ff9b::a9fe:a9fe', 'metadata'],
  ['fd00:ec2::254', 'metadata'],
  ['fd20:ce::254', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['168.63.129.16', 'metadata'],
  ['224.0.0.1', 'multicast'],
  ['ff02::1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['2001::1', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['64:ff9b:1::1', 'reserved'],
  ['not an address', 'reserved'],
] as const;

describe('rangeOf', () => {
  for (const [address, range] of RANGES) {
    it(`${address} is ${range}`, () => assert.equal(rangeOf(address), range));
  }
});

describe('refuseEgress', () => {
  const cases: readonly (readonly [
    allow: string,
    host: string,
    port: number,
    addresses: string[],
    isAllowed: boolean,
  ])[] = [
    ['', 'example.com', 443, ['93.184.216.34'], true],
    ['', 'example.com', 443, ['93.184.216.34', '127.0.0.1'], false],
    ['', 'localhost', 80, ['127.0.0.1'], false],
    ['127.0.0.1:8080', '127.0.0.1', 8080, ['127.0.0.1'], true],
    ['127.0.0.1:8080', '127.0.0.1', 8081, ['127.0.0.1'], false],
    ['127.0.0.1:8080', '::ffff:7f00:1', 8080, ['::ffff:7f00:1'], true],
    ['127.0.0.1:*', '127.0.0.2', 1, ['127.0.0.2'], false],
    ['2130706433:80', '127.0.0.1', 80, ['127.0.0.1'], true],
    ['10.0.0.0/8:*', 'intranet', 9, ['10.9.8.7'], true],
    ['10.0.0.0/8:*', 'intranet', 9, ['10.9.8.7', '192.168.0.1'], false],
    ['[::1]:8080', '::1', 8080, ['::1'], true],
    ['[0:0:0:0:0:0:0:1]:8080', '::1', 8080, ['::1'], true],
    ['[fd00::/8]:443', 'x', 443, ['fd12::1'], true],
    ['[fd00::/8]:443', 'x', 443, ['fc12::1'], false],
    ['Intranet.Example:80', 'intranet.example.', 80, ['10.0.0.1'], true],
    ['intranet.example:80', 'other.example', 80, ['10.0.0.1'], false],
    ['intranet.example:80', 'intranet.example', 80, ['169.254.169.254'], false],
    ['169.254.169.254:80', '169.254.169.254', 80, ['169.254.169.254'], true],
    ['0.0.0.0/0:*', 'x', 80, ['169.254.169.254'], true],
  ];
  for (const [allow, host, port, addresses, isAllowed] of cases) {
    it(`"${allow}" ${isAllowed ? 'lets' : 'does not let'} ${host}:${port} at ${addresses.join(' and ')} be called`, () => {
      const { policy, problems } = parseEgressAllow(allow);
      assert.deepEqual(problems, []);
      assert.equal(refuseEgress({ host, port, addresses }, policy) === undefined, isAllowed);
    });
  }

  it('hints at a setting under which the call is allowed, and which keeps what was allowed before', () => {
    const specials = fc.constantFrom(
      ...RANGES.filter(([address, range]) => range !== 'public' && address !== 'not an address'),
    );
    fc.assert(
      fc.property(specials, fc.integer({ min: 1, max: 65_535 }), fc.boolean(), ([address], port, isLiteral) => {
        const destination = { host: isLiteral ? address : 'name.example', port, addresses: [address] };
        const hint = refuseEgress(destination, { allow: ['10.20.30.40:1'] })?.hint ?? '';
        const { policy, problems } = parseEgressAllow(/"(.*)"/u.exec(hint)?.[1] ?? '');
        assert.deepEqual(problems, []);
        assert.ok(policy.allow.includes('10.20.30.40:1'));
        assert.equal(refuseEgress(destination, policy), undefined);
      }),
    );
  });

  it('never lets an IPv4 address of a special range through in any of its IPv6 forms', () => {
    const inside = fc
      .constantFrom('127', '10', '0', '224', '250')
      .chain((first) => fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((rest) => [first, ...rest].join('.')));
    const form = fc.constantFrom('::ffff:', '::ffff:0:', '64:ff9b::', '::');
    fc.assert(fc.property(inside, form, (address, prefix) => assert.notEqual(rangeOf(prefix + address), 'public')));
  });

  it('judges any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(70_000), (host, entry, port) => {
        const { policy } = parseEgressAllow(entry);
        assert.ok(
          refuseEgress({ host, port, addresses: [host] }, policy) !== undefined ||
            rangeOf(host) === 'public' ||
            policy.allow.length > 0,
        );
      }),
    );
  });
});

describe('parseEgressAllow', () => {
  it('names the entries that say nothing', () => {
    const { policy, problems } = parseEgressAllow(
      'a:80, b ;[::1]:1 c:0 d:70000 10.0.0.0/33:* ::1:80 :80 [x]:1 *:80 http://a:80',
    );
    assert.deepEqual(policy.allow, ['a:80', '[::1]:1']);
    assert.deepEqual(problems, [
      'b',
      'c:0',
      'd:70000',
      '10.0.0.0/33:*',
      '::1:80',
      ':80',
      '[x]:1',
      '*:80',
      'http://a:80',
    ]);
  });
});

describe('a call to a destination that is not allowed', () => {
  const hosts = [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0x7f.1',
    '127.1',
    '127.0.0.1.',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '①②⑦.0.0.1',
    '169.254.169.254',
  ];
  for (const host of hosts) {
    it(`fails with CALL_EGRESS: ${host}`, async (t) => {
      const peer = await httpPeer(t, (_, response) => void response.end());
      const connector = connectorFor(t, { egress: () => ({ allow: [] }) });
      const failure = failureOf(await connector.send(requestTo(`http://${host}:${peer.port}/`), {}));
      assert.deepEqual([failure.code, failure.cause, failure.inDoubt], ['CALL_EGRESS', 'refused', false]);
      assert.match(failure.hint ?? '', new RegExp(`egress.allow ".+:${peer.port}"`, 'u'));
      assert.equal(peer.accepted(), 0);
    });
  }

  it('is judged by every address of the name, and the judged address is the one dialled', async (t) => {
    const peer = await httpPeer(t, (_, response) => void response.end());
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '10.255.255.1', family: 4 }]];
    let asked = 0;
    const lookup = async () => answers[asked++] ?? [];
    const egress = () => ({ allow: [`127.0.0.1:${peer.port}`] });
    const connector = connectorFor(t, { lookup, egress });
    answerOf(await connector.send(requestTo(`http://rebind.example:${peer.port}/`), {}));
    assert.deepEqual([asked, peer.accepted()], [1, 1]);
    const mixed = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    const failure = failureOf(
      await connectorFor(t, { lookup: mixed, egress }).send(requestTo(`http://rebind.example:${peer.port}/`), {}),
    );
    assert.deepEqual([failure.code, peer.accepted()], ['CALL_EGRESS', 1]);
  });

  it('is refused on a kept connection too once the policy has become stricter', async (t) => {
    const peer = await httpPeer(t, (_, response) => void response.end());
    let allow = ['inside.example:*'];
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const connector = connectorFor(t, { lookup, egress: () => ({ allow }) });
    const request = requestTo(`http://inside.example:${peer.port}/`);
    answerOf(await connector.send(request, {}));
    allow = [];
    const failure = failureOf(await connector.send(request, {}));
    assert.deepEqual([failure.code, failure.inDoubt], ['CALL_EGRESS', false]);
    await socketsClosed(peer);
  });
});

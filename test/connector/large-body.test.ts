import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type AnswerBody, LARGE_BODY_BYTES, type LargeBody, wholeBody } from '../../src/core/large-body.ts';
import { BoundedBody } from '../../src/connector/bounded-body.ts';
import { recordAnswer } from '../../src/connector/call-record.ts';
import { PiecewiseBody } from '../../src/connector/piecewise-body.ts';
import { createRedactor } from '../../src/connector/redactor.ts';

const KIB = 1024;

/** Bytes in pieces, each in memory of its own. */
const inPieces = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => {
    return Uint8Array.from(bytes.subarray(index * size, (index + 1) * size));
  });

const largeOf = (bytes: Uint8Array, size = 64 * KIB): PiecewiseBody => new PiecewiseBody(inPieces(bytes, size));

function asLarge(body: AnswerBody): LargeBody {
  return body instanceof Uint8Array ? assert.fail('it is in one piece') : body;
}

describe('a body that is collected', () => {
  it('is what came, up to its limit, however it came', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 7 * KIB, max: 70 * KIB })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 400 * KIB }), fc.boolean(), (lengths, limit, isShared) => {
        const pieces = lengths.map((length) => randomBytes(length));
        const body = new BoundedBody(limit);
        let length = 0;
        const fits = pieces.every((piece) => {
          const does = body.add(piece, isShared);
          assert.equal(does, (length += piece.length) <= limit);
          return does;
        });
        assert.equal(fits, length <= limit);
        assert.ok(Buffer.concat(pieces).subarray(0, limit).equals(wholeBody(body.take())));
      }),
      { numRuns: 200 },
    );
  });

  it('is large when it has more bytes than others, and takes little more memory than its bytes', () => {
    const body = new BoundedBody(10_000 * KIB);
    const shared = Buffer.alloc(600 * KIB, 'x');
    for (let start = 0; start < shared.length; start += 5) body.add(shared.subarray(start, start + 5));
    const { pieces } = asLarge(body.take()).lend();
    const memory = new Set(pieces.map(({ buffer }) => buffer));
    assert.ok(!memory.has(shared.buffer));
    const bytes = [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0);
    assert.ok(bytes <= 2 * shared.length, `${bytes} bytes`);
  });

  it('keeps large pieces as they came, and none whose memory others look at', () => {
    const own = () => Buffer.allocUnsafeSlow(200 * KIB).fill('x');
    const [first, second, third, fourth] = [own(), own(), own(), own()];
    const body = new BoundedBody(10_000 * KIB);
    body.add(first);
    body.add(second);
    body.add(third, true);
    body.add(fourth.subarray(0, 90 * KIB));
    asLarge(body.take()).free();
    const isGone = [first, second, third, fourth].map(({ length }) => length === 0);
    assert.deepEqual(isGone, [true, true, false, false]);
  });

  it('gives back what nobody needs but the piece that came last, into which its giver may still write', () => {
    const pieces = [0, 1, 2].map(() => Buffer.allocUnsafeSlow(64 * KIB));
    const body = new BoundedBody(150 * KIB);
    assert.deepEqual(
      pieces.map((piece) => body.add(piece)),
      [true, true, false],
    );
    body.free();
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [0, 0, 64 * KIB],
    );
  });
});

describe('a large body', () => {
  const bytes = randomBytes(1_000 * KIB + 17);

  it('is read from its start, and whole', () => {
    const body = largeOf(bytes);
    for (const count of [0, 1, 64 * KIB, 64 * KIB + 1, 2_000 * KIB]) {
      assert.ok(bytes.subarray(0, count).equals(body.start(count)), `${count}`);
    }
    assert.ok(bytes.equals(body.bytes()));
    assert.equal(body.bytes(), body.bytes());
    assert.equal(body.length, bytes.length);
  });

  it('is its first part while it is lent, and all of it again when it comes back', () => {
    const body = largeOf(bytes);
    const lent = body.lend();
    assert.ok(Buffer.concat(lent.pieces).equals(bytes));
    assert.ok(bytes.subarray(0, LARGE_BODY_BYTES).equals(body.bytes()));
    assert.ok(bytes.subarray(0, 10).equals(body.start(10)));
    assert.equal(body.length, bytes.length);
    lent.giveBack(lent.pieces);
    assert.ok(bytes.equals(body.bytes()));
    assert.ok(Buffer.concat(body.lend().pieces).equals(bytes));
  });

  it('that is lost where it was lent can be lent again: then it is its first part', () => {
    const body = largeOf(bytes);
    structuredClone(0, { transfer: body.lend().pieces.map(({ buffer }) => buffer as ArrayBuffer) });
    const again = body.lend();
    assert.ok(bytes.subarray(0, LARGE_BODY_BYTES).equals(Buffer.concat(again.pieces)));
    again.giveBack(again.pieces);
    assert.ok(bytes.subarray(0, LARGE_BODY_BYTES).equals(body.bytes()));
  });

  it('gives its memory back once, in whatever state it is', () => {
    const states: readonly ((body: PiecewiseBody) => unknown)[] = [
      () => undefined,
      (body) => body.bytes(),
      (body) => body.lend(),
      (body) => body.free(),
    ];
    for (const bring of states) {
      const body = largeOf(bytes);
      bring(body);
      body.free();
      assert.equal(body.bytes().length, 0);
    }
  });
});

describe('a large answer, recorded', () => {
  const SECRET = 'a-secret-value-of-some-length';
  const filling = 'Lorem ipsum "token": "abc" <pin>12</pin> key=1 Söhne 螺 '.repeat(6_000);
  const texts: Readonly<Record<string, Uint8Array>> = {
    'text with characters of many bytes': Buffer.from(filling),
    JSON: Buffer.from(JSON.stringify({ items: [filling], token: 'abc' })),
    XML: Buffer.from(`<r><pin>12</pin>${'<item token="x">y</item>'.repeat(20_000)}</r>`),
    'bytes that are no text': randomBytes(400 * KIB),
    UTF16: Buffer.from(filling, 'utf16le'),
    'zero bytes': Buffer.alloc(400 * KIB),
    ...Object.fromEntries(
      [-40, -20, -1, 0, 1].map((offset) => {
        const at = 64 * KIB + offset;
        return [`a secret ${offset} from the cut`, Buffer.from(`${'x'.repeat(at)}${SECRET}${'y'.repeat(300 * KIB)}`)];
      }),
    ),
  };
  const types = ['text/plain', 'application/json', 'text/xml', 'text/plain; charset=utf-16le', 'image/png', undefined];
  const recorded = (body: AnswerBody, type: string | undefined) => {
    const redactor = createRedactor();
    redactor.add(SECRET);
    const headers = type === undefined ? [] : [['content-type', type] as const];
    return recordAnswer({ status: 200, headers, body, durationMs: 1 }, redactor);
  };

  for (const [what, bytes] of Object.entries(texts)) {
    it(`is the same in pieces as in one: ${what}`, () => {
      for (const type of types) {
        const expected = recorded(bytes, type);
        for (const size of [9 * KIB + 1, 64 * KIB, 5_000 * KIB]) {
          const body = largeOf(bytes, size);
          assert.deepEqual(recorded(body, type), expected);
          const lent = body.lend();
          lent.giveBack(lent.pieces);
          assert.deepEqual(recorded(body, type), expected);
        }
      }
    });
  }

  it('shows less of its start, and no part of a secret, where what follows is lost', () => {
    const long = 'S3cr3t-'.repeat(14_000);
    for (const before of [10, 30 * KIB, 63 * KIB, 255 * KIB]) {
      const bytes = Buffer.from(`${'x'.repeat(before)}${long}${'y'.repeat(900 * KIB)}`);
      const body = largeOf(bytes);
      body.lend();
      const redactor = createRedactor();
      redactor.add(long);
      const record = recordAnswer(
        { status: 200, headers: [['content-type', 'text/plain']], body, durationMs: 1 },
        redactor,
      );
      assert.equal(record.body?.text.includes('S3cr3t'), false);
      assert.deepEqual([record.body?.bytes, record.body?.cut], [bytes.length, true]);
    }
  });
});

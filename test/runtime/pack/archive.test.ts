import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { readArchive, writeArchive } from '../../../src/runtime/pack/pack-archive.ts';

interface Forged {
  readonly name: string | Buffer;
  readonly content?: Buffer;
  readonly size?: number;
  readonly flags?: number;
  readonly mode?: number;
  readonly localName?: string;
  readonly offset?: number;
}

/** A zip as no honest program writes it. */
function forge(entries: readonly Forged[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content = Buffer.from('x'), size, flags = 0, mode = 0, localName, offset } of entries) {
    const packed = deflateRawSync(content);
    const bytes = Buffer.from(name);
    const own = Buffer.from(localName ?? name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(own.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc32(content), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size ?? content.length, 24);
    entry.writeUInt16LE(bytes.length, 28);
    entry.writeUInt32LE((mode << 16) >>> 0, 38);
    entry.writeUInt32LE(offset ?? at, 42);
    parts.push(local, own, packed);
    directory.push(entry, bytes);
    at += 30 + own.length + packed.length;
  }
  const end = Buffer.alloc(22);
  const whole = Buffer.concat(directory);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(whole.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, whole, end]);
}

const files = [
  { path: 'pack.xml', bytes: Buffer.from('<pack/>') },
  { path: 'maps/Größe 螺栓.xml', bytes: Buffer.from('<map/>') },
];

describe('the zip of a pack', () => {
  it('gives back what was put in, and the same bytes whatever the order', async () => {
    const written = writeArchive(files);
    const read = await readArchive(written);
    assert.deepEqual(
      read.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]).toSorted(),
      files.map(({ path, bytes }) => [path, bytes.toString()]).toSorted(),
    );
    assert.deepEqual(writeArchive(files.toReversed()), written);
  });

  it('is read as other programs write it', async () => {
    const plain = forge([
      { name: 'pack.xml' },
      { name: '__MACOSX/._pack.xml' },
      { name: 'maps/', content: Buffer.alloc(0) },
    ]);
    assert.deepEqual(
      (await readArchive(plain)).map(({ path }) => path),
      ['pack.xml'],
    );
  });

  const hostile: Readonly<Record<string, Buffer>> = {
    'no zip': Buffer.from('PK, they said'),
    nothing: Buffer.alloc(0),
    'a path that climbs': forge([{ name: '../../etc/passwd' }]),
    'a path that climbs with backslashes': forge([{ name: '..\\x.xml' }]),
    'an absolute path': forge([{ name: '/etc/passwd' }]),
    'a drive': forge([{ name: 'C:/x.xml' }]),
    'a folder that climbs': forge([{ name: 'a/../../', content: Buffer.alloc(0) }]),
    'a symbolic link': forge([{ name: 'link.xml', mode: 0o120777 }]),
    'two of one name': forge([{ name: 'a.xml' }, { name: 'a.xml' }]),
    'two that some file systems take for one': forge([{ name: 'a.xml' }, { name: 'A.xml' }]),
    'an encrypted file': forge([{ name: 'a.xml', flags: 1 }]),
    'a name in an old code page': forge([{ name: Buffer.from([0x61, 0xfc, 0x2e, 0x78]) }]),
    'a name that only says it is UTF-8': forge([{ name: Buffer.from([0x61, 0xfc, 0x2e]), flags: 0x800 }]),
    'a file with two names': forge([{ name: 'a.xml', localName: 'b.xml' }]),
    'a bomb that says so': forge([{ name: 'a.xml', content: Buffer.alloc(3_000_000) }]),
    'a bomb that says it is small': forge([{ name: 'a.xml', content: Buffer.alloc(3_000_000), size: 10 }]),
    'a file that is too large': forge([{ name: 'a.xml', size: 5 * 1024 * 1024 }]),
    'too many files': forge(Array.from({ length: 2_001 }, (_, index) => ({ name: `${index}.xml` }))),
    'files that share bytes': forge([{ name: 'a.xml' }, { name: 'b.xml', localName: 'a.xml', offset: 0 }]),
    'a cut one': forge([{ name: 'a.xml' }]).subarray(0, 40),
  };
  for (const [what, archive] of Object.entries(hostile)) {
    it(`is refused: ${what}`, async () => {
      await assert.rejects(readArchive(archive), { code: 'PACK_ARCHIVE' });
    });
  }

  it('is refused when bytes of a file were changed', async () => {
    const archive = Buffer.from(writeArchive([{ path: 'a.xml', bytes: Buffer.from('abc'.repeat(100)) }]));
    archive[archive.indexOf('a.xml') + 8] = 0xff;
    await assert.rejects(readArchive(archive), { code: 'PACK_ARCHIVE' });
  });
});

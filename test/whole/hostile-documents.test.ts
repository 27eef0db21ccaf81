import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { renderDiagnostic } from '../../src/core/diagnostic.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { decodeXml } from '../../src/xml/decode.ts';
import { assertClean, BIN, mapwright, temporaryFolder } from './command-line.ts';

const NATIVE = 'xmlns="urn:mapwright:1"';
const MIB = 1024 * 1024;
/** Generous: the files that are not too large to be read have 25 MiB together, and garbage is collected late. */
const PEAK_MEMORY_MIB = 1024;

/** Text that is as good as random and the same each time. */
function noise(bytes: number): Buffer {
  let state = 1;
  return Buffer.from(Array.from({ length: bytes }, () => (state = (state * 48_271) % 2_147_483_647) & 0xff));
}

function utf16(text: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(`\u{FEFF}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

function utf32(text: string): Buffer {
  const points = [...`\u{FEFF}${text}`].map((one) => one.codePointAt(0) ?? 0);
  return Buffer.from(new Uint32Array(points).buffer);
}

function entityBomb(levels: number): string {
  const entities = Array.from(
    { length: levels },
    (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
  );
  return `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "lol">${entities.join('')}]><a>&e${levels};</a>`;
}

const SERVICE = `<service ${NATIVE} name="a" url="https://b.example"/>`;
const documents = (count: number, one: (index: number) => string): string =>
  `<documents ${NATIVE}>${Array.from({ length: count }, (_, index) => one(index)).join('')}</documents>`;

/** File, content, and the one code that all its errors have; undefined when it is a document. */
const CASES: readonly (readonly [what: string, content: string | Buffer, code: string | undefined])[] = [
  ['an entity bomb', entityBomb(30), 'XML_DOCTYPE'],
  ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'XML_DOCTYPE'],
  ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>', 'XML_DOCTYPE'],
  ['an entity nobody declared', '<map>&lol;</map>', 'XML_ENTITY_UNDEFINED'],
  ['nesting of 100,000', `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`, 'XML_TOO_DEEP'],
  ['nesting that never ends', '<a>'.repeat(500_000), 'XML_TOO_DEEP'],
  ['50 MB of text in one element', `<map><description>${'x'.repeat(50 * MIB)}</description></map>`, 'XML_TOO_LARGE'],
  ['50 MB of attributes', `<map ${'a="b" '.repeat((50 * MIB) / 6)}/>`, 'XML_TOO_LARGE'],
  ['2 MB of one attribute again and again', `<map ${'a="b" '.repeat(300_000)}/>`, 'XML_ATTRIBUTE_DUPLICATE'],
  ['2 MB of attributes', `<map ${NATIVE} ${attributes(120_000)}/>`, 'XML_TOO_LARGE'],
  ['a thousand attributes', `<map ${NATIVE} ${attributes(990)}/>`, 'DOCUMENT_ATTRIBUTE_UNKNOWN'],
  ['2 MB of namespaces', `<map ${namespaces(60_000)} name="a"/>`, 'XML_TOO_LARGE'],
  [
    '2 MB of text',
    `<service ${NATIVE} name="a" url="b">${'x'.repeat(2_000_000)}</service>`,
    'DOCUMENT_TEXT_UNEXPECTED',
  ],
  ['random bytes', noise(MIB), 'XML_ENCODING'],
  ['random bytes after a mark of UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), noise(MIB)]), 'XML_ENCODING'],
  ['UTF-16, little end first', utf16(SERVICE, 'le'), undefined],
  ['UTF-16, big end first', utf16(SERVICE, 'be'), undefined],
  ['UTF-16 without a mark', Buffer.from(SERVICE, 'utf16le'), 'XML_CHARACTER'],
  ['UTF-32', utf32(SERVICE), 'XML_CHARACTER'],
  ['UTF-8 that says it is UTF-16', `<?xml version="1.0" encoding="UTF-16"?>${SERVICE}`, 'XML_ENCODING'],
  ['UTF-16 that says it is UTF-8', utf16(`<?xml version="1.0" encoding="UTF-8"?>${SERVICE}`, 'le'), 'XML_ENCODING'],
  ['an encoding that nobody knows', `<?xml version="1.0" encoding="EBCDIC"?>${SERVICE}`, 'XML_ENCODING'],
  ['Latin-1', Buffer.from('<service name="Söhne"/>', 'latin1'), 'XML_ENCODING'],
  ['100,000 small documents', documents(100_000, (index) => `<map name="a${index}"/>`), 'DOCUMENT_ELEMENT_MISSING'],
  ['50,000 documents of one name', documents(50_000, () => '<service name="a" url="http://b"/>'), 'DOCUMENT_DUPLICATE'],
  ['a module of 40,000 fields', moduleOf(40_000), 'MODULE_TOO_MANY_FIELDS'],
  ['50,000 documents', documents(50_000, (index) => `<service name="s${index}" url="http://b"/>`), undefined],
];

function attributes(count: number): string {
  return Array.from({ length: count }, (_, index) => `a${index}="b"`).join(' ');
}

function moduleOf(fields: number): string {
  const field = (index: number): string => `<field name="f${index}" type="string"/>`;
  const all = Array.from({ length: fields }, (_, index) => field(index)).join('');
  return `<module ${NATIVE} name="M" prefix="71" title="f0">${all}</module>`;
}

function namespaces(count: number): string {
  return Array.from({ length: count }, (_, index) => `xmlns:a${index}="urn:${index}"`).join(' ');
}

describe('the library', () => {
  for (const [what, content, code] of CASES) {
    it(`tells what is wrong with ${what}`, () => {
      const { text, problem } = decodeXml(Buffer.from(content));
      const codes =
        problem !== undefined ? [problem.code] : checkDocuments([{ file: 'a.xml', text }]).diagnostics.map(told(text));
      assert.deepEqual(
        [...new Set(codes)].filter((one) => one !== 'DOCUMENT_TOO_MANY_PROBLEMS'),
        code === undefined ? [] : [code],
      );
      assert.ok(codes.length <= 101, `${codes.length} problems`);
    });
  }
});

/** The code of a problem that can be shown. */
function told(text: string): (diagnostic: Parameters<typeof renderDiagnostic>[0]) => string {
  return (diagnostic) => {
    assert.ok(renderDiagnostic(diagnostic, text).length < 2000);
    assert.ok(diagnostic.range.end.offset <= text.length);
    return diagnostic.code;
  };
}

describe('the command', () => {
  it('ends in an orderly way on all of them at once, in little memory', async (t) => {
    const folder = await temporaryFolder(t);
    const program = await measuredProgram(folder);
    const names = CASES.map((_, index) => `${index}.xml`);
    for (const [index, [, content]] of CASES.entries()) await writeFile(join(folder, `${index}.xml`), content);
    const ended = await mapwright(['check', '--json', ...names], { cwd: folder, program });
    assert.deepEqual([ended.exitCode, ended.errors], [1, '']);
    assertClean(ended);
    assert.doesNotMatch(ended.output, /root:/u);
    const { diagnostics } = JSON.parse(ended.output) as { diagnostics: readonly { file: string; code: string }[] };
    for (const [index, [what, , code]] of CASES.entries()) {
      const codes = diagnostics.filter(({ file }) => file === `${index}.xml`).map((one) => one.code);
      // Read together, documents of several files have the same names.
      if (code !== undefined) assert.ok(codes.includes(code), `${what}: ${codes.join(' ')}`);
    }
    const peakMib = await peakMemory(folder);
    assert.ok(peakMib > 0 && peakMib < PEAK_MEMORY_MIB, `${peakMib} MiB`);
    t.diagnostic(`peak memory ${peakMib} MiB`);
  });

  it('shows each for people, with its place', async (t) => {
    const folder = await temporaryFolder(t);
    for (const [index, [what, content, code]] of CASES.entries()) {
      // The largest differ from others in nothing that is shown.
      if (content.length > 3 * MIB || index % 4 !== 0) continue;
      const file = join(folder, `${index}.xml`);
      await writeFile(file, content);
      const ended = await mapwright(['check', `${index}.xml`], { cwd: folder });
      assertClean(ended);
      assert.equal(ended.exitCode, code === undefined ? 0 : 1, what);
      if (code !== undefined)
        assert.match(ended.output, new RegExp(`^${index}\\.xml:\\d+:\\d+ error ${code} .+`, 'mu'));
      assert.ok(ended.output.length < 200_000, `${what}: ${ended.output.length} characters`);
    }
  });
});

/** The command, which leaves behind what memory it has used at most. */
async function measuredProgram(folder: string): Promise<readonly [string, ...string[]]> {
  const measure = join(folder, 'measure.cjs');
  const peak = JSON.stringify(join(folder, 'peak.txt'));
  await writeFile(
    measure,
    `process.on('exit', () => require('node:fs').writeFileSync(${peak}, String(process.resourceUsage().maxRSS)));`,
  );
  return [process.execPath, '--require', measure, BIN];
}

async function peakMemory(folder: string): Promise<number> {
  return Math.round(Number(await readFile(join(folder, 'peak.txt'), 'utf8')) / 1024);
}

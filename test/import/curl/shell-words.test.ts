import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { posixCommands } from '../../../src/import/curl/shell-words.ts';
import { isWindowsCommand, windowsCommands } from '../../../src/import/curl/windows-words.ts';

function words(text: string): string[][] {
  return posixCommands(text).map((command) => command.map((word) => word.text));
}

/** What a real shell makes of the words behind a command. */
async function shellWords(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('sh', ['-c', `printf '%s\\0' ${text}`]);
  return stdout.split('\0').slice(0, -1);
}

describe('the words of a POSIX shell', () => {
  it('are those that a shell makes', async () => {
    const commands = [
      `a 'b c' "d e" f\\ g`,
      `'it'\\''s' "say \\"hi\\" \\$HOME \\n \\\\"`,
      `a"b"'c'd '' "" e`,
      'a \\\n  b\\\nc',
      `"line\nbreak" 'two\nlines' "join\\\ned"`,
      `a#b '#' \\#c`,
      `{"a":1} '{"b": [1, 2]}'`,
      `'ünïcödé 🔩' "\`" '\`'`.replace('"`" ', ''),
    ];
    for (const command of commands)
      assert.deepEqual(words(`x ${command}`)[0]?.slice(1), await shellWords(command), command);
  });

  it('know the quotes of bash', () => {
    assert.deepEqual(words(String.raw`$'a\'b\n\x41\u00e9\U1F529\101\\' $"c"`), [["a'b\nAé🔩A\\", 'c']]);
  });

  it('are divided into commands, comments left out', () => {
    assert.deepEqual(words('a b; c && d | e\n# no\nf # g\n\n'), [['a', 'b'], ['c'], ['d'], ['e'], ['f']]);
  });

  it('join lines where a blank was copied behind the backslash', () => {
    assert.deepEqual(words('a \\  \n  b'), [['a', 'b']]);
  });

  it('keep variables by their names', () => {
    assert.deepEqual(posixCommands(`"x $A-\${B_2}" '$C' $ \\$D`)[0], [
      { text: 'x {{A}}-{{B_2}}', variables: ['A', 'B_2'] },
      { text: '$C', variables: [] },
      { text: '$', variables: [] },
      { text: '$D', variables: [] },
    ]);
  });

  it('come of any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', "'", '"', '\\', '$', '{', '}', '\n', ' ', '#', ';', '&', 'x', 'u') }),
        (text) => {
          assert.ok(Array.isArray(posixCommands(text)) && Array.isArray(windowsCommands(text)));
        },
      ),
    );
  });
});

describe('the words of the command prompt of Windows', () => {
  const of = (text: string): string[][] => windowsCommands(text).map((command) => command.map((word) => word.text));

  it('are told from those of a shell', () => {
    assert.equal(isWindowsCommand('curl ^"https://a.example^"'), true);
    assert.equal(isWindowsCommand('curl "https://a.example" ^\r\n  -H "a: b"'), true);
    assert.equal(isWindowsCommand(`curl 'https://a.example/^x'`), false);
  });

  it('are what cmd.exe and the C runtime make of them', () => {
    assert.deepEqual(
      of(
        'curl ^"https://a.example/?a=1^&b=2^" ^\r\n  -H ^"accept: */*^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":^\\^"b c^\\^"^}^"',
      ),
      [['curl', 'https://a.example/?a=1&b=2', '-H', 'accept: */*', '--data-raw', '{"a":"b c"}']],
    );
    assert.deepEqual(of('curl "a^b" "c""d" e\\f "g\\\\" ^%h'), [['curl', 'a^b', 'c"d', 'e\\f', 'g\\', '%h']]);
    assert.deepEqual(of('curl ^"two^\n\nlines^"'), [['curl', 'two\nlines']]);
    assert.deepEqual(of('curl a\r\ncurl b'), [
      ['curl', 'a'],
      ['curl', 'b'],
    ]);
  });
});

import type { Json } from '../../../src/core/json.ts';
import { MapwrightError } from '../../../src/core/error.ts';
import type { PhpValue } from '../../../src/import/php/php-value.ts';
import { readPhp } from '../../../src/import/php/read-php.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { HOSTILE_TEXTS, randomText } from '../generate/hostile-text.ts';
import { Mutator } from '../generate/mutation.ts';
import { phpInput, serialized } from '../generate/php-text.ts';
import type { Random } from '../generate/random.ts';
import { checkRefusal } from './told-problem.ts';

/** `written`: what PHP writes, which is read and written again as it was. `text`: anything. */
type PhpTextInput = { readonly text: string; readonly written: boolean };

const CODES = /^IMPORT_PHP_(?:INVALID|REFUSED|TOO_LARGE)$/u;

const mutator = new Mutator({
  texts: [
    'O:25:"RunWebserviceWorkflowTask":4:{s:7:"summary";s:4:"Call";s:6:"active";b:1;s:6:"bmapid";s:2:"43";s:7:"trigger";N;}',
    'a:3:{i:0;s:1:"a";i:1;d:1.5;s:1:"k";a:1:{i:0;i:-7;}}',
    'O:1:"A":3:{s:1:"a";s:2:"Ñ";s:4:"\u0000*\u0000b";R:2;s:4:"\u0000A\u0000c";r:1;}',
    'a:2:{i:0;O:8:"stdClass":0:{}i:1;r:2;}',
    'C:1:"A":2:{ab}',
    'E:3:"A:B";',
  ],
  words: [
    ...HOSTILE_TEXTS,
    'N;',
    'b:1;',
    'i:1;',
    'd:1e400;',
    's:0:"";',
    'R:1;',
    'r:2;',
    'a:0:{}',
    ':',
    ';',
    '"',
    '99999999',
  ],
  brackets: [
    ['a:1:{i:0;', '}'],
    ['O:1:"A":1:{s:1:"a";', '}'],
    ['s:1:"', '";'],
    ['{', '}'],
  ],
});

/** What PHP serializes: read as it was written, or refused with the byte that is wrong. */
export const AREA: Area = {
  name: 'php',
  limitMs: 1000,
  generate(random): Json {
    const written = random.oneIn(2);
    const text = written
      ? serialized(phpInput(random))
      : random.weighted([
          [1, randomText],
          [5, (one: Random) => mutator.mutated(one)],
          [5, (one: Random) => mutator.mutate(one, serialized(phpInput(one)))],
        ])(random);
    return { text, written };
  },
  open: () => Promise.resolve({ judge, close: () => Promise.resolve() } satisfies Target),
};

function judge(input: Json): Promise<Verdict> {
  const { text, written } = input as unknown as PhpTextInput;
  try {
    const value = readPhp(text);
    checkValue(value);
    const again = written ? writtenAgain(value) : text;
    promise(again === text, () => `read and written again: ${again.slice(0, 500)}`);
    return Promise.resolve('accepted');
  } catch (thrown) {
    promise(!(written && thrown instanceof MapwrightError), () => `refused: ${String(thrown)}`);
    if (thrown instanceof MapwrightError && thrown.code === 'IMPORT_PHP_INVALID') checkByte(thrown.message, text);
    return Promise.resolve(checkRefusal(thrown, CODES));
  }
}

/** What is wrong is said with the byte that it is at. */
function checkByte(message: string, text: string): void {
  const byte = /\(byte (\d+)\)$/u.exec(message)?.[1];
  promise(byte !== undefined && Number(byte) <= Buffer.byteLength(text), () => `no place: ${message}`);
}

/** Every value is one that the importer knows. A value may stand in several places, so that it is looked at once. */
function checkValue(value: PhpValue): void {
  const seen = new Set<unknown>();
  const pending: PhpValue[] = [value];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    if (typeof one !== 'object' || one === null || seen.has(one)) continue;
    seen.add(one);
    const isKnown = one.kind === 'array' ? one.entries instanceof Map : typeof one.className === 'string';
    promise(isKnown, () => `neither an array nor an object: ${JSON.stringify(one)}`);
    pending.push(...(one.kind === 'array' ? one.entries : one.properties).values());
  }
}

/** INF and NAN are read as their texts, which only a `d:` tells from a text. */
function writtenAgain(value: PhpValue): string {
  if (value === 'INF' || value === '-INF' || value === 'NAN') return `d:${value};`;
  if (typeof value !== 'object' || value === null) return serialized(value);
  const isObject = value.kind === 'object';
  const entries = [...(isObject ? value.properties : value.entries)];
  const members = entries.map(([key, member]) => keyText(key, isObject) + writtenAgain(member)).join('');
  const head = isObject ? `O:${Buffer.byteLength(value.className)}:"${value.className}"` : 'a';
  return `${head}:${entries.length}:{${members}}`;
}

function keyText(key: string, isProperty: boolean): string {
  return serialized(!isProperty && /^(?:0|[1-9]\d{0,8})$/u.test(key) ? Number(key) : key);
}

import { createHash } from 'node:crypto';
import { checkRegexWork, compileRegex } from '../../bounded-regex.ts';
import type { JsonataGuard } from '../../jsonata-guard.ts';
import { type LegacyValue, isTruthy, joinTexts, toLegacyText, toNumber } from '../value.ts';
import type { FunctionFamily } from './function.ts';

function text(value: LegacyValue | undefined): string {
  return toLegacyText(value ?? '');
}

/** Text functions. They count characters, where the original counts bytes. */
export const TEXT_FUNCTIONS: FunctionFamily = {
  concat: (values, { guard }) => joinTexts(guard, values.map(toLegacyText), ''),
  coalesce: (values) => values.find(isTruthy) ?? '',
  char: ([code]) => (code === undefined ? '' : Buffer.from([toNumber(code) & 0xff]).toString('latin1')),
  substring: (values) => (values.length === 2 || values.length === 3 ? substring(values) : text(values[0])),
  stringposition: (values) =>
    values.length === 2 ? text(values[0]).toLowerCase().indexOf(text(values[1]).toLowerCase()) : -1,
  stringlength: ([value]) => [...text(value)].length,
  stringreplace: ([search, replacement, subject], { guard }) =>
    replaceAll(guard, text(search), { by: text(replacement), in: text(subject) }),
  regexreplace: ([pattern, replacement, subject], { guard }) =>
    replaceRegex(guard, text(pattern), { by: text(replacement), in: text(subject) }),
  uppercase: ([value]) => upperAscii(text(value)),
  lowercase: ([value]) => lowerAscii(text(value)),
  uppercasefirst: ([value]) => text(value).replace(/^[a-z]/u, upperAscii),
  uppercasewords: ([value]) => lowerAscii(text(value)).replace(/(?:^|[ \t\r\n\f\v])[a-z]/gu, upperAscii),
  base64encode: (values) => (values.length === 1 ? Buffer.from(text(values[0])).toString('base64') : -1),
  base64decode: (values) => (values.length === 1 ? Buffer.from(text(values[0]), 'base64').toString('utf8') : -1),
  hash: (values) => (values.length === 1 || values.length === 2 ? hash(text(values[0]), text(values[1])) : -1),
  getCRMIDFromWSID: ([id]) => text(id).split('x')[1] ?? '',
};

function upperAscii(value: string): string {
  return value.replace(/[a-z]+/gu, (letters) => letters.toUpperCase());
}

function lowerAscii(value: string): string {
  return value.replace(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}

/** PHP's substr: negative counts are from the end. */
function substring(values: readonly LegacyValue[]): string {
  const characters = [...text(values[0])];
  const start = Math.trunc(toNumber(values[1] ?? 0));
  const from = start < 0 ? Math.max(0, characters.length + start) : start;
  const length = values[2] === undefined ? undefined : Math.trunc(toNumber(values[2]));
  const to = length === undefined ? undefined : length < 0 ? length : from + length;
  return characters.slice(from, to).join('');
}

/** What is put in the place of what is found, and where it is looked for. */
interface Replacement {
  readonly by: string;
  readonly in: string;
}

function replaceAll(guard: JsonataGuard, search: string, replacement: Replacement): string {
  return search === '' ? replacement.in : joinTexts(guard, replacement.in.split(search), replacement.by);
}

function replaceRegex(guard: JsonataGuard, pattern: string, replacement: Replacement): string {
  const compiled = compileRegex(pattern, '');
  checkRegexWork(compiled, replacement.in.length);
  let length = replacement.in.length;
  const replaceOne = (...found: unknown[]): string => {
    guard.checkTime();
    const text = replacement.by.replace(/(?:\$|\\)\{?(\d{1,2})\}?/gu, (_, group: string) =>
      groupText(found[Number(group)]),
    );
    length += text.length;
    guard.checkLength(length);
    return text;
  };
  return compiled.regex.matcher(replacement.in).replaceAll(replaceOne);
}

function groupText(group: unknown): string {
  return typeof group === 'string' ? group : '';
}

const ALGORITHMS: Readonly<Record<string, string>> = { sha1: 'sha1', sha256: 'sha256', md5: 'md5' };

/** PHP's hash in hexadecimal; an unknown algorithm means sha1. */
function hash(value: string, algorithm: string): string {
  if (algorithm === 'crc32') return bzipCrc32(Buffer.from(value));
  const known = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
  return createHash(known ?? 'sha1')
    .update(value)
    .digest('hex');
}

/** The checksum PHP calls `crc32`: that of bzip2, its bytes written from the last to the first. */
function bzipCrc32(bytes: Buffer): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000) === 0 ? crc << 1 : (crc << 1) ^ 0x04c11db7;
  }
  const checksum = Buffer.alloc(4);
  checksum.writeInt32LE(~crc);
  return checksum.toString('hex');
}

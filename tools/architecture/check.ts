import { basename, dirname, join } from 'node:path/posix';
import { importsOf } from './imports.ts';
import { GRAB_BAG_NAMES, IMPURE_BUILTINS, INDEX_ROOMS, MAX_FILE_LINES, MAX_INDEX_LINES, ROOMS } from './rooms.ts';

/** One breach of the rules of the house. */
export interface Breach {
  readonly file: string;
  readonly rule: 'room' | 'room-unknown' | 'package' | 'builtin' | 'length' | 'name';
  /** The import, the number of lines, or the name. */
  readonly what: string;
}

/** Checks all sources, given as path below src/ -> text. */
export function checkArchitecture(sources: ReadonlyMap<string, string>): Breach[] {
  return [...sources].flatMap(([file, source]) => [
    ...checkName(file),
    ...checkLength(file, source),
    ...importsOf(source).flatMap((specifier) => checkImport(file, specifier)),
  ]);
}

function checkName(file: string): Breach[] {
  const room = file.includes('/') ? (file.split('/')[0] ?? '') : undefined;
  const name = basename(file).replace(/\.ts$/u, '');
  const breaches: Breach[] = [];
  if (room !== undefined && ROOMS[room] === undefined) breaches.push({ file, rule: 'room-unknown', what: room });
  const wellNamed = file
    .replace(/\.ts$/u, '')
    .split('/')
    .every((part) => /^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(part));
  if (!wellNamed || GRAB_BAG_NAMES.has(name)) breaches.push({ file, rule: 'name', what: name });
  return breaches;
}

function checkLength(file: string, source: string): Breach[] {
  const lines = source.trimEnd().split('\n').length;
  const limit = basename(file) === 'index.ts' ? MAX_INDEX_LINES : MAX_FILE_LINES;
  return lines > limit ? [{ file, rule: 'length', what: `${lines} lines, ${limit} allowed` }] : [];
}

function checkImport(file: string, specifier: string): Breach[] {
  if (specifier.startsWith('.')) return checkRoomImport(file, specifier);
  const room = file.split('/')[0] ?? '';
  if (specifier.startsWith('node:')) {
    const builtin = specifier.slice('node:'.length).split('/')[0] ?? '';
    const forbidden = ROOMS[room]?.pure === true && IMPURE_BUILTINS.has(builtin);
    return forbidden ? [{ file, rule: 'builtin', what: specifier }] : [];
  }
  return ROOMS[room]?.packages.includes(packageOf(specifier)) === true
    ? []
    : [{ file, rule: 'package', what: specifier }];
}

function checkRoomImport(file: string, specifier: string): Breach[] {
  const target = join(dirname(file), specifier);
  const from = file.includes('/') ? (file.split('/')[0] ?? '') : undefined;
  const to = target.split('/')[0] ?? '';
  const allowed = from === undefined ? INDEX_ROOMS : (ROOMS[from]?.rooms ?? []);
  const fine = to === from || allowed.includes(to) || allowed.includes(target);
  return fine ? [] : [{ file, rule: 'room', what: target }];
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

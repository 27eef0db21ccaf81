import { plainFile } from '../core/soap-description.ts';

/** Longest name of a file or folder, in UTF-8 bytes; file systems end at 255. */
const MAX_NAME_BYTES = 180;
const MAX_DEPTH = 16;

/** What documents, and the descriptions that lie beside them, end in. */
const ENDING = /\.(?:xml|wsdl|xsd)$/iu;

/** What file systems refuse or read in their own way: control characters, and what Windows reserves. */
const REFUSED = /[\p{Cc}\p{Cf}\p{Cs}<>:"|?*\u2028\u2029]/gu;
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/iu;

/**
 * A stored file name as a relative path, one entry per folder and the file last. The name is data that somebody gave:
 * whatever it is, the path stays inside the folder it is put into, hides nothing, and ends in `.xml`, `.wsdl` or `.xsd`.
 */
export function safePath(file: string): readonly string[] {
  const parts = file
    .split(/[\\/]+/u)
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !/^[A-Za-z]:$/u.test(part));
  const folders = parts.slice(0, -1).slice(-MAX_DEPTH).map(safeName);
  const last = safeName(parts.at(-1) ?? 'document');
  return [...folders, ENDING.test(last) ? last : `${last}.xml`];
}

/**
 * The same files from the folder above all of them: what `../wsdl/orders.wsdl` means in `orders.xml` stays where it is beside
 * it, in `wsdl/orders.wsdl` beside `documents/orders.xml`.
 */
export function fromCommonFolder(files: readonly string[]): string[] {
  const plain = files.map(plainFile);
  const above = plain.map((file) => /^(?:\.\.\/)*/u.exec(file)?.[0].length ?? 0).map((length) => length / 3);
  const top = Math.max(0, ...above);
  return plain.map(
    (file, index) => `${'documents/'.repeat(top - (above[index] ?? 0))}${file.replace(/^(?:\.\.\/)+/u, '')}`,
  );
}

function safeName(part: string): string {
  const plain = part
    .replaceAll(REFUSED, '_')
    .replace(/^\./u, '_')
    .replace(/[. ]+$/u, '_');
  const named = RESERVED.test(plain) ? `_${plain}` : plain;
  return Buffer.byteLength(named) <= MAX_NAME_BYTES ? named : shorten(named);
}

function shorten(name: string): string {
  const ending = ENDING.exec(name)?.[0] ?? '';
  let kept = '';
  for (const character of name.slice(0, name.length - ending.length)) {
    if (Buffer.byteLength(kept + character + ending) > MAX_NAME_BYTES) break;
    kept += character;
  }
  return kept + ending;
}

/** Hands out paths that differ, letter case aside, from the ones that were asked for; common folders are left out. */
export class FilePaths {
  readonly #wanted: readonly (readonly string[])[];
  readonly #taken = new Set<string>();

  constructor(wanted: readonly (readonly string[])[]) {
    const common = commonFolders(wanted);
    this.#wanted = wanted.map((path) => path.slice(common));
  }

  /** The path asked for at this index, or beside it one that is named after `otherwise` when it is taken. */
  take(index: number, otherwise: string): string {
    const wanted = this.#wanted[index] ?? [];
    const folder = wanted.slice(0, -1);
    const stem = safePath(otherwise).at(-1)?.replace(ENDING, '');
    for (let attempt = 0; ; attempt++) {
      const beside = `${stem}${attempt < 2 ? '' : `-${attempt}`}.xml`;
      const path = attempt === 0 ? wanted.join('/') : [...folder, beside].join('/');
      const key = path.toLowerCase();
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return path;
    }
  }
}

function commonFolders(paths: readonly (readonly string[])[]): number {
  const [first] = paths;
  if (first === undefined) return 0;
  let common = 0;
  while (paths.every((path) => common < path.length - 1 && path[common] === first[common])) common++;
  return common;
}

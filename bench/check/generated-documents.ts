import { readFile, readdir } from 'node:fs/promises';
import type { SourceFile } from '../../src/runtime/administration.ts';

/** A file, and the schema that describes it. */
export interface GeneratedFile extends SourceFile {
  readonly schema: 'mapwright-1.xsd' | 'corebos-map.xsd';
}

const MAPS = new URL('../../maps/', import.meta.url);
const FOLDERS = ['product-sync', 'corebos-sync'] as const;
const FIRST_PREFIX = 100;

/**
 * At least this many documents: whole copies of the shipped ones, each copy under names of its own, so that the two dialects
 * of maps are mixed as they are there.
 */
export async function generateDocuments(count: number): Promise<GeneratedFile[]> {
  const shipped = await Promise.all(FOLDERS.map(readFolder));
  const generated: GeneratedFile[] = [];
  for (let copy = 0; generated.length < count; copy++) {
    for (const [index, files] of shipped.entries()) {
      const number = copy * shipped.length + index;
      generated.push(...files.map((file) => renamed(file, files, number)));
    }
  }
  return generated;
}

async function readFolder(folder: string): Promise<SourceFile[]> {
  const names = (await readdir(new URL(`${folder}/`, MAPS))).filter((name) => name.endsWith('.xml')).toSorted();
  return Promise.all(
    names.map(async (file) => ({ file, text: await readFile(new URL(`${folder}/${file}`, MAPS), 'utf8') })),
  );
}

/** A document is named as its file is, which for coreBOS maps is the only name; the number goes behind every name. */
function renamed({ file, text }: SourceFile, siblings: readonly SourceFile[], number: number): GeneratedFile {
  let changed = text.replace('prefix="14"', `prefix="${FIRST_PREFIX + number}"`);
  for (const sibling of siblings) {
    const name = nameOf(sibling);
    const reference = new RegExp(`\\b(name|map|service|module)="${name}"`, 'gu');
    changed = changed.replace(reference, `$1="${name}${number}"`);
  }
  return {
    file: `${nameOf({ file })}${number}.xml`,
    text: changed.replace('<originname>Products<', `<originname>Products${number}<`),
    schema: text.includes('"urn:mapwright:1"') ? 'mapwright-1.xsd' : 'corebos-map.xsd',
  };
}

function nameOf({ file }: Pick<SourceFile, 'file'>): string {
  return file.replace(/\.xml$/u, '');
}

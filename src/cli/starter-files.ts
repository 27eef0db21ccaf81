import { readFile, readdir } from 'node:fs/promises';
import { MapwrightError, messageOf } from '../core/error.ts';
import type { StarterExample } from './starter-steps.ts';
import { EDITOR_EXTENSIONS, EDITOR_SETTINGS, IGNORED, SCHEMA_CATALOG, starterReadme } from './starter-texts.ts';

/** One file of a new folder. */
export interface StarterFile {
  /** Relative, with `/` between folders. */
  readonly path: string;
  readonly text: string;
}

/** Where the package keeps documents and schemas: the same place seen from src/ and from dist/. */
const PACKAGE = new URL('../../', import.meta.url);

/** Which shipped folders become which folders of a new one. */
const COPIED: Readonly<Record<StarterExample, Readonly<Record<string, string>>>> = {
  hello: { 'maps/hello/documents/': 'documents/', 'maps/hello/tests/': 'tests/', 'maps/hello/': '' },
  'product-sync': { 'maps/product-sync/': 'documents/', 'maps/product-sync/tests/': 'tests/' },
};

/** The files of a new folder to author in: an example, its tests, and what an editor needs to help with them. */
export async function starterFiles(example: StarterExample, command: string): Promise<StarterFile[]> {
  try {
    const copied = await Promise.all(
      Object.entries({ ...COPIED[example], 'schema/': 'schema/' }).map(([from, to]) => copyOf(from, to)),
    );
    return [
      { path: 'README.md', text: starterReadme(example, command) },
      ...copied.flat(),
      { path: 'schema/catalog.xml', text: SCHEMA_CATALOG },
      { path: '.vscode/settings.json', text: EDITOR_SETTINGS },
      { path: '.vscode/extensions.json', text: EDITOR_EXTENSIONS },
      { path: '.gitignore', text: IGNORED },
    ];
  } catch (cause) {
    throw new MapwrightError('CLI_STARTER_MISSING', `the example cannot be read: ${messageOf(cause)}`, {
      hint: 'install the mapwright package again: a part of it is missing',
      cause,
    });
  }
}

async function copyOf(from: string, to: string): Promise<StarterFile[]> {
  const folder = new URL(from, PACKAGE);
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return Promise.all(
    names.toSorted().map(async (name) => ({ path: to + name, text: await readFile(new URL(name, folder), 'utf8') })),
  );
}

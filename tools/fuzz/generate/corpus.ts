import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Longer texts cost time and show nothing that shorter ones do not. */
const LONGEST = 6_000;

/** Documents in use: those shipped, the right ones of the tests, and the examples of the documentation. */
export function realDocuments(): readonly string[] {
  return [
    ...filesOf('maps/*/*.xml'),
    ...filesOf('test/fixtures/*/{valid,warning}/*.xml'),
    ...filesOf('docs/*.md').flatMap(xmlBlocks),
  ].filter((text) => text.length <= LONGEST);
}

/** Documents that are wrong, each in its own way. */
export function wrongDocuments(): readonly string[] {
  return filesOf('test/fixtures/*/invalid/*.xml').filter((text) => text.length <= LONGEST);
}

/** The documents of one shipped folder, by file name. */
export function shippedDocuments(folder: string): { readonly file: string; readonly text: string }[] {
  return pathsOf(`maps/${folder}/*.xml`).map((path) => ({
    file: path.slice(path.lastIndexOf('/') + 1),
    text: readFileSync(`${ROOT}${path}`, 'utf8'),
  }));
}

/** Every word that stands in the texts, once. */
export function wordsOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => text.match(/[A-Za-z][\w.-]*/gu) ?? []))];
}

function filesOf(pattern: string): string[] {
  return pathsOf(pattern).map((path) => readFileSync(`${ROOT}${path}`, 'utf8'));
}

function pathsOf(pattern: string): string[] {
  return globSync(pattern, { cwd: ROOT }).toSorted();
}

function xmlBlocks(page: string): string[] {
  return [...page.matchAll(/```xml\n([\s\S]*?)```/gu)].map((block) => block[1] ?? '');
}

import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import { MapwrightError } from '../core/error.ts';
import { readDocuments } from '../document/read-documents.ts';
import type { SourceFile } from '../runtime/administration.ts';

/**
 * The name of the one map that a document file holds. A file with errors in which no map can be told gives its diagnostics: no
 * other map is meant by it.
 * Throws CLI_MAP_MISSING when the file holds none and CLI_MAP_AMBIGUOUS when it holds several.
 */
export function soleMapIn(source: SourceFile): string | readonly Diagnostic[] {
  const { file } = source;
  const { documents, diagnostics } = readDocuments(source);
  const names = documents.filter(({ kind }) => kind === 'map').map((map) => map.name);
  const [name, ...others] = names;
  if (name === undefined) {
    if (hasErrors(diagnostics)) return diagnostics;
    throw new MapwrightError('CLI_MAP_MISSING', `${file} holds no map`, {
      hint: 'name the file of a map, and give other documents with --documents',
    });
  }
  if (others.length === 0) return name;
  throw new MapwrightError('CLI_MAP_AMBIGUOUS', `${file} holds ${names.length} maps: ${names.join(', ')}`, {
    hint: `name one: mapwright try ${name} --documents ${file}`,
  });
}

import type { Diagnostic } from '../core/diagnostic.ts';
import type { StoredDocument } from '../core/document-store.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { documentKey } from './document-set.ts';

/** Where the catalog has the documents of each kind that runs. */
const PLACES: Readonly<Record<string, keyof Catalog>> = {
  module: 'modules',
  service: 'services',
  credential: 'credentials',
  map: 'maps',
  workflow: 'workflows',
  rule: 'rules',
  mapping: 'mappings',
  'record-set': 'recordSets',
  'information-map': 'informationMaps',
};

/**
 * The documents of a stored revision that have errors or that the catalog lacks, with the first error in their files.
 * `apply` stores none that has errors: another version of the program took them.
 */
export function brokenDocuments(
  documents: readonly StoredDocument[],
  catalog: Catalog,
  diagnostics: readonly Diagnostic[],
): ReadonlyMap<string, string> {
  const broken = new Map<string, string>();
  for (const document of documents) {
    const cause = diagnostics.find(({ severity, file }) => severity === 'error' && file === document.file);
    if (cause === undefined && isThere(catalog, document)) continue;
    const problem = cause === undefined ? 'it cannot be read' : `${cause.code} ${cause.message}`;
    broken.set(documentKey(document), problem);
  }
  return broken;
}

function isThere(catalog: Catalog, { kind, name }: StoredDocument): boolean {
  const place = PLACES[kind];
  const known = place === undefined ? undefined : catalog[place];
  // Of a kind that the catalog does not keep, nothing can be missing.
  return !(known instanceof Map) || known.has(name);
}

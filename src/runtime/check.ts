import { type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import { compileCatalog } from '../catalog/catalog.ts';
import type { Document } from '../document/document.ts';
import { readDocuments } from '../document/read-documents.ts';
import type { CheckReport, SourceFile } from './administration.ts';
import { checkMapTestValues } from './map-test-values.ts';

/** Files as far as they could be read, with every problem found in reading them. */
export function readFiles(sources: readonly SourceFile[]): {
  readonly documents: readonly Document[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const results = sources.map(readDocuments);
  return {
    documents: results.flatMap((result) => result.documents),
    diagnostics: results.flatMap((result) => result.diagnostics),
  };
}

/** Reads and compiles documents that stand for themselves: every name must be among them. Never throws. */
export function checkDocuments(sources: readonly SourceFile[]): CheckReport {
  const read = readFiles(sources);
  const { catalog, diagnostics } = compileCatalog(read.documents, 0);
  return {
    counts: countKinds(read.documents),
    diagnostics: joinDiagnostics(read.diagnostics, [...diagnostics, ...checkMapTestValues(read.documents, catalog)]),
  };
}

/** How many documents there are of each kind. */
export function countKinds(documents: readonly Document[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of documents) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * Problems of reading and of compiling together. A name that is missing because its document could not be read has its
 * cause among the first; it is still told, for the file may be another.
 */
export function joinDiagnostics(read: readonly Diagnostic[], compiled: readonly Diagnostic[]): Diagnostic[] {
  return sortDiagnostics([...read, ...compiled]);
}

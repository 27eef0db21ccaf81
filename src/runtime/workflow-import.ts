import type { Diagnostic } from '../core/diagnostic.ts';
import type { Json } from '../core/json.ts';
import { readExport } from '../import/export/read-export.ts';
import { type ImportedWorkflows, importWorkflows } from '../import/workflow/import-workflows.ts';
import type { SourceFile } from './administration.ts';
import { checkDocuments, readFiles } from './check.ts';

/** What an import of workflows gives. */
export interface WorkflowImport extends ImportedWorkflows {
  /** What `check` says of the new documents, together with those at hand; empty where no module is at hand to check against. */
  readonly diagnostics: readonly Diagnostic[];
  readonly isChecked: boolean;
}

/**
 * Native documents out of an export of coreBOS's workflows. `documents` are those that were brought over before: maps,
 * modules, rules. Throws IMPORT_EXPORT_UNKNOWN.
 */
export function importExport(params: {
  readonly exported: Json;
  readonly documents: readonly SourceFile[];
  readonly mapNames: ReadonlyMap<string, string>;
  /** Where a new file will stand, as its diagnostics name it. */
  readonly fileOf: (path: string) => string;
}): WorkflowImport {
  const { exported, mapNames, fileOf } = params;
  const workflows = readExport(exported);
  const known = readFiles(params.documents).documents;
  const texts = new Map(params.documents.map(({ file, text }) => [file, text]));
  const imported = importWorkflows(workflows, { documents: known, texts, mapNames });
  const written = new Map(imported.files.map(({ path, text }) => [fileOf(path), text]));
  const isChecked = known.some(({ kind }) => kind === 'module');
  if (!isChecked) return { ...imported, diagnostics: [], isChecked };
  const others = params.documents.filter(({ file }) => !written.has(file));
  const { diagnostics } = checkDocuments([...others, ...[...written].map(([file, text]) => ({ file, text }))]);
  return { ...imported, diagnostics: diagnostics.filter(({ file }) => written.has(file)), isChecked };
}

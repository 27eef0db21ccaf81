import type { Diagnostic } from '../core/diagnostic.ts';
import type { StoredDocument } from '../core/document-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { ModulePreview } from '../core/record-store.ts';
import { compileCatalog } from '../catalog/catalog.ts';
import type { Document } from '../document/document.ts';
import type { ModuleChange, PlanReport, SourceFile, TextChange } from './administration.ts';
import { joinDiagnostics, readFiles, workflowPlans } from './check.ts';
import { type Moment, scheduleTimes } from './schedule/schedule-times.ts';
import { compareDocuments, documentKey } from './document-set.ts';

/** The texts that differ between two sets, each pair once: a file may hold several of the changed documents. */
export function changedTexts(before: readonly StoredDocument[], after: readonly StoredDocument[]): TextChange[] {
  const old = new Map(before.map((document) => [documentKey(document), document.text]));
  const pairs = new Map<string, TextChange>();
  for (const { kind, name, file, text } of after) {
    const previous = old.get(documentKey({ kind, name }));
    if (previous === undefined || previous === text) continue;
    const pair = `${file}\n${previous.length}\n${previous}${text}`;
    const documents = [...(pairs.get(pair)?.documents ?? []), { kind, name }];
    pairs.set(pair, { file, documents, before: previous, after: text });
  }
  return [...pairs.values()];
}

/** What becomes of modules: those whose tables grow, and those that show fewer fields than before. */
export function changedModules(
  before: ReadonlyMap<string, ModuleDefinition>,
  after: ReadonlyMap<string, ModuleDefinition>,
  previews: readonly ModulePreview[],
): ModuleChange[] {
  const changes = previews.map((preview): ModuleChange => {
    const kept = new Set(after.get(preview.module)?.fields.map(({ name }) => name));
    const hidden = (before.get(preview.module)?.fields ?? []).flatMap(({ name }) => (kept.has(name) ? [] : [name]));
    const { module, isNew, columns, indexes } = preview;
    return { module, isNew, columns, indexes, hidden };
  });
  return changes.filter((one) => one.isNew || one.columns.length + one.indexes.length + one.hidden.length > 0);
}

/** What the database refuses of the modules, at the place of the module that cannot be. */
export function refusedModules(previews: readonly ModulePreview[], documents: readonly Document[]): Diagnostic[] {
  return previews.flatMap(({ module, refusal }): Diagnostic[] => {
    const document = documents.find(({ kind, name }) => kind === 'module' && name === module);
    if (refusal === undefined || document === undefined) return [];
    const { code, message, hint } = refusal;
    const { file, nameAt } = document;
    return [{ severity: 'error', code, message, ...(hint === undefined ? {} : { hint }), file, range: nameAt.range }];
  });
}

/** What applying the files would make of a folder that is no install yet: everything is added. */
export function planNewInstall(sources: readonly SourceFile[], moment: Moment): PlanReport {
  const { documents, diagnostics } = readFiles(sources);
  const { catalog, diagnostics: compiled } = compileCatalog(documents, 0);
  const stored = documents
    .filter(({ kind }) => kind !== 'map-test')
    .map(({ kind, name, file }) => ({ kind, name, file, text: '' }));
  const previews = [...catalog.modules.keys()].map((module) => ({
    module,
    isNew: true,
    columns: [],
    indexes: [],
    refusal: undefined,
  }));
  return {
    revision: 0,
    changes: compareDocuments([], stored),
    plans: workflowPlans(catalog),
    schedules: scheduleTimes(catalog, moment),
    texts: [],
    modules: changedModules(new Map(), catalog.modules, previews),
    unfinished: {},
    diagnostics: joinDiagnostics(diagnostics, compiled),
  };
}

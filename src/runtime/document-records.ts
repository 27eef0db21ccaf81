import { createHash } from 'node:crypto';
import type { Located } from '../core/diagnostic.ts';
import { MAPS, WORKFLOWS } from '../core/document-module.ts';
import type { StoredDocument } from '../core/document-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { RecordImage, RecordValues } from '../core/record.ts';
import type { Document } from '../document/document.ts';
import type { RuleDocument } from '../document/rule/rule.ts';
import { readDocuments } from '../document/read-documents.ts';
import { exportFiles } from './document-export.ts';

/** What coreBOS calls the types of its maps. */
const TYPES: Readonly<Record<string, string>> = {
  map: 'Webservice Mapping',
  mapping: 'Mapping',
  'record-set': 'Record Set Mapping',
  'information-map': 'Information Map',
  service: 'Service',
};

const RULE_TYPES: Readonly<Record<RuleDocument['form'], string>> = {
  'condition-expression': 'Condition Expression',
  'condition-query': 'Condition Query',
  'decision-table': 'DecisionTable',
};

/** The documents in force as records of the modules that show documents; made anew only when they changed. */
export function documentRecords(documents: () => readonly StoredDocument[]): () => readonly RecordImage[] {
  let made: { readonly of: readonly StoredDocument[]; readonly records: readonly RecordImage[] } | undefined;
  return () => {
    const of = documents();
    if (made?.of !== of) made = { of, records: of.flatMap((document) => recordOf(document) ?? []) };
    return made.records;
  };
}

function recordOf(stored: StoredDocument): RecordImage | undefined {
  if (stored.kind === 'module') return undefined;
  const [file] = exportFiles([stored]);
  const read = readDocuments({ file: stored.file, text: stored.text }).documents;
  const document = read.find(({ kind, name }) => kind === stored.kind && name === stored.name);
  if (file === undefined || document === undefined) return undefined;
  if (document.kind === 'workflow') {
    const { name, label, module, active } = document;
    return imageOf(WORKFLOWS, stored, {
      workflowname: name,
      summary: label ?? name,
      module_name: module?.value ?? null,
      active,
      content: file.text,
    });
  }
  const { name } = document;
  return imageOf(MAPS, stored, {
    mapname: name,
    maptype: typeOf(document),
    targetname: targetOf(document)?.value ?? null,
    content: file.text,
  });
}

function targetOf(document: Document): Located<string> | undefined {
  if (document.kind === 'mapping') return document.to;
  return document.kind === 'map' ? document.module : undefined;
}

function typeOf(document: Document): string {
  if (document.kind === 'rule') return RULE_TYPES[document.form];
  return TYPES[document.kind] ?? document.kind;
}

/** The number tells a document by its kind and name alone: it stays the same through all revisions. */
function imageOf(module: ModuleDefinition, { kind, name }: StoredDocument, values: RecordValues): RecordImage {
  const digest = createHash('sha256').update(`${kind} ${name}`).digest();
  return {
    id: `${module.prefix}x${digest.readUIntBE(0, 6) + 1}`,
    module: module.name,
    version: 1,
    values,
    createdAt: 0,
    modifiedAt: 0,
    createdBy: '',
    modifiedBy: '',
  };
}

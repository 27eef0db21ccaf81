import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { importExport, type WorkflowImport } from '../../src/runtime/workflow-import.ts';
import type { TaskReport, WorkflowReport } from '../../src/import/workflow/report.ts';
import { nativeDocument, shippedDocuments } from '../whole/documents.ts';
import { exportedWorkflow } from './exported-task.ts';

const CONTACTS = nativeDocument(
  'module',
  'name="Contacts" label="Contacts" prefix="12" title="lastname"',
  `<field name="lastname" label="Name" type="string"/>
   <field name="email" label="E-mail" type="email"/>
   <field name="phone" label="Phone" type="phone"/>
   <field name="product_id" label="Product" type="reference" references="Products"/>
   <field name="contact_id" label="Contact" type="reference" references="Contacts"/>
   <field name="active" label="Active" type="boolean"/>
   <field name="assigned_user_id" label="Owner" type="owner"/>`,
);

/** The five published maps, Products, and Contacts. */
async function documentsAtHand(more: readonly SourceFile[] = []): Promise<SourceFile[]> {
  const shipped = await shippedDocuments('corebos-sync');
  return [...shipped.filter(({ file }) => !file.startsWith('product-')), CONTACTS, ...more];
}

/** What became of one workflow. */
export interface Conversion {
  readonly imported: WorkflowImport;
  /** The document of the workflow itself. */
  readonly text: string;
  readonly report: WorkflowReport;
  readonly tasks: readonly TaskReport[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Converts an export with these documents at hand. */
export async function convert(
  exported: Json,
  more: readonly SourceFile[] = [],
  mapNames: ReadonlyMap<string, string> = new Map(),
): Promise<Conversion> {
  const documents = await documentsAtHand(more);
  const imported = importExport({ exported, documents, mapNames, fileOf: (path) => `new/${path}` });
  const [report] = imported.workflows;
  if (report === undefined) throw new Error('no workflow came out');
  const text = imported.files.find(({ path }) => path === `${report.name}.xml`)?.text ?? '';
  return { imported, text, report, tasks: report.tasks, diagnostics: imported.diagnostics };
}

/** Converts a workflow of Contacts with these tasks. */
export function convertTasks(
  tasks: readonly string[],
  more: readonly SourceFile[] = [],
  parts: JsonObject = {},
): Promise<Conversion> {
  return convert(exportedWorkflow({ module: 'Contacts', tasks, more: parts }), more);
}

/** The lines of a document below its trigger, without indentation. */
export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}

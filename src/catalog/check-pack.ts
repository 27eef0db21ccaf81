import type { Document } from '../document/document.ts';
import type { PackDocument } from '../document/pack.ts';
import { type CompileContext, report } from './compile-context.ts';
import type { NameUse } from './name-uses.ts';

/**
 * Warns of what packs say of themselves and is not so: PACK_DOCUMENT_MISSING for a document that is not there,
 * PACK_SETTING_UNLISTED and PACK_SECRET_UNLISTED for what its documents name and nobody is told of.
 */
export function checkPacks(context: CompileContext, documents: readonly Document[]): void {
  const packs = documents.filter((document) => document.kind === 'pack');
  if (packs.length === 0) return;
  const byKey = new Map(documents.map((document) => [`${document.kind} ${document.name}`, document]));
  const uses = context.uses?.byDocument(documents) ?? new Map<Document, readonly NameUse[]>();
  for (const pack of packs) checkWishes(context, pack, namedBy(context, pack, { byKey, uses }));
}

/** What the documents of the pack name. */
function namedBy(
  context: CompileContext,
  pack: PackDocument,
  {
    byKey,
    uses,
  }: { readonly byKey: ReadonlyMap<string, Document>; readonly uses: ReadonlyMap<Document, readonly NameUse[]> },
): ReadonlyMap<string, NameUse> {
  const named = new Map<string, NameUse>();
  for (const { kind, name, range } of pack.documents) {
    const document = byKey.get(`${kind} ${name}`);
    if (document === undefined) {
      report(context, {
        code: 'PACK_DOCUMENT_MISSING',
        message: `the pack brings ${kind} "${name}", and there is none`,
        hint: 'correct the name, or take the line away',
        severity: 'warning',
        file: pack.file,
        range,
      });
    }
    for (const use of (document && uses.get(document)) ?? []) named.set(`${use.kind} ${use.name}`, use);
  }
  return named;
}

function checkWishes(context: CompileContext, pack: PackDocument, named: ReadonlyMap<string, NameUse>): void {
  const listed = new Set([
    ...pack.settings.map(({ name }) => `setting ${name}`),
    ...pack.secrets.map(({ name }) => `secret ${name}`),
  ]);
  for (const [key, { kind, name }] of named) {
    if ((kind !== 'setting' && kind !== 'secret') || listed.has(key)) continue;
    report(context, {
      code: kind === 'setting' ? 'PACK_SETTING_UNLISTED' : 'PACK_SECRET_UNLISTED',
      message: `documents of the pack name the ${kind} "${name}", and the pack does not tell of it`,
      hint: `add <${kind} name="${name}">what it is</${kind}>`,
      severity: 'warning',
      file: pack.file,
      range: pack.nameAt.range,
    });
  }
}

import type { Document } from '../document/document.ts';
import { type CompileContext, report } from './compile-context.ts';

/** Reports names given twice for one kind, module prefixes used twice, and names that differ in letter case only. */
export function checkDuplicates(context: CompileContext, documents: readonly Document[]): void {
  const names = new Map<string, Document>();
  const prefixes = new Map<string, Document>();
  for (const document of documents) {
    // Several files may test one map: their cases add up.
    if (document.kind === 'map-test') continue;
    reportSecond(
      context,
      names,
      `${document.kind} ${document.name}`.toLowerCase(),
      document,
      `${document.kind} "${document.name}"`,
    );
    if (document.kind !== 'module') continue;
    const { prefix } = document.definition;
    reportSecond(context, prefixes, prefix, document, `a module with the prefix ${prefix}`);
  }
}

function reportSecond(
  context: CompileContext,
  seen: Map<string, Document>,
  key: string,
  document: Document,
  what: string,
): void {
  const first = seen.get(key);
  seen.set(key, first ?? document);
  if (first === undefined) return;
  report(context, {
    code: 'DOCUMENT_DUPLICATE',
    message: `${what} is there already, in ${first.file}`,
    hint: 'names are unique for each kind of document, letter case aside; rename or remove one',
    file: document.file,
    range: document.nameAt.range,
    related: [{ message: 'the first one', file: first.file, range: first.nameAt.range }],
  });
}

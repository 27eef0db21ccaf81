import type { DocumentName } from '../../core/document-store.ts';
import { fileBeside } from '../../core/soap-description.ts';
import { wsdlBeside } from '../../document/described-files.ts';
import { documentKey } from '../document-set.ts';
import type { AnalysedSet } from '../library/analysed-set.ts';
import type { PackFile } from './pack-file.ts';

/** Where a document stands in a pack: so deep that the WSDL it names beside itself stays inside. */
export function pathInPack({ documents }: AnalysedSet, one: DocumentName): string {
  const document = documents.get(documentKey(one));
  const wsdl = document === undefined ? undefined : wsdlBeside(document);
  const above = (/^(?:\.\.?\/)*/u.exec(wsdl ?? '')?.[0].match(/\.\.\//gu) ?? []).length;
  return `${one.kind}s/${'documents/'.repeat(Math.max(0, above - 1))}${one.name}.xml`;
}

/** The WSDLs that lie beside these documents, and what they import, where the documents look for them in the pack. */
export function describingFiles(set: AnalysedSet, contents: readonly DocumentName[]): PackFile[] {
  const files = new Map<string, PackFile>();
  const waiting = contents.flatMap((one) => {
    const document = set.documents.get(documentKey(one));
    const wsdl = document === undefined ? undefined : wsdlBeside(document);
    return document === undefined || wsdl === undefined
      ? []
      : [{ name: fileBeside(document.file, wsdl), path: fileBeside(pathInPack(set, one), wsdl) }];
  });
  // Grows while it is gone through.
  for (const { name, path } of waiting) {
    const document = set.documents.get(documentKey({ kind: 'wsdl', name: name ?? '' }));
    if (path === undefined || files.has(path) || document?.kind !== 'wsdl') continue;
    files.set(path, { path, bytes: Buffer.from(document.text) });
    const next = document.imports.map(({ value }) => ({
      name: fileBeside(document.file, value),
      path: fileBeside(path, value),
    }));
    waiting.push(...next);
  }
  return [...files.values()];
}

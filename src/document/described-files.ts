import { fileBeside, isFileBeside } from '../core/soap-description.ts';
import type { Document } from './document.ts';
import type { WsdlDocument } from './wsdl.ts';

/** The stored descriptions that the documents need, by their names, and the names of files that are not among them. */
export interface DescribedFiles {
  readonly used: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
}

/** Goes from maps and services to the WSDLs that lie beside them, and on to what those import. */
export function describedFiles(documents: readonly Document[]): DescribedFiles {
  const known = new Map(documents.flatMap((one) => (one.kind === 'wsdl' ? [[one.name, one] as const] : [])));
  // Grows while it is gone through.
  const wanted = new Set(documents.flatMap((one) => besideDocument(one) ?? []));
  for (const name of wanted) for (const next of importedFiles(known.get(name))) wanted.add(next);
  return {
    used: new Set([...wanted].filter((name) => known.has(name))),
    missing: new Set([...wanted].filter((name) => !known.has(name))),
  };
}

/** What a map or a service calls the WSDL that lies beside it; undefined when it names none. */
export function wsdlBeside(document: Document): string | undefined {
  const wsdl =
    document.kind === 'map'
      ? document.call.soap?.wsdl?.value
      : document.kind === 'service'
        ? document.wsdl?.value
        : undefined;
  return wsdl !== undefined && isFileBeside(wsdl) ? wsdl : undefined;
}

function besideDocument(document: Document): string | undefined {
  const wsdl = wsdlBeside(document);
  return wsdl === undefined ? undefined : fileBeside(document.file, wsdl);
}

function importedFiles(document: WsdlDocument | undefined): string[] {
  return (document?.imports ?? []).flatMap(({ value }) => fileBeside(document?.file ?? '', value) ?? []);
}

import type { ReadResult } from '../document/document.ts';
import type { ConversionSource } from './convert-documents.ts';
import type { KnownNames } from './conversion.ts';

/** What documents that are converted together know of each other. */
export function knownNames(read: readonly (ReadResult & { readonly source: ConversionSource })[]): KnownNames {
  const documents = read.flatMap((one) => one.documents);
  const outputs = documents.flatMap((document) => (document.kind === 'map' ? document.response.outputs : []));
  return {
    modules: new Map(
      documents.flatMap((document) =>
        document.kind === 'module' ? [[document.name, document.definition] as const] : [],
      ),
    ),
    contextKeys: new Set(outputs.flatMap(({ context }) => context?.value ?? [])),
    rules: new Set(documents.flatMap(({ kind, name }) => (kind === 'rule' ? [name] : []))),
    isNamedElsewhere: (word, file) => read.some(({ source }) => source.file !== file && source.text.includes(word)),
  };
}

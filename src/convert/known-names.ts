import type { Document, ReadResult } from '../document/document.ts';
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
    modulesNaming: (word, file) =>
      new Set(
        read
          .filter(({ source }) => source.file !== file && holdsName(source.text, word))
          .flatMap((one) => one.documents.flatMap((document) => moduleOf(document) ?? [])),
      ),
    isNamedElsewhere: (word, file) => read.some(({ source }) => source.file !== file && source.text.includes(word)),
  };
}

/** True when the name stands in the text, whole and in whatever letter case: `Rate` is not in `CorporateRate`. */
function holdsName(text: string, name: string): boolean {
  const [within, wanted] = [text.toLowerCase(), name.toLowerCase()];
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + 1)) {
    const around = [within.charAt(at - 1), within.charAt(at + wanted.length)];
    if (!around.some((character) => /[\p{L}\p{N}_.-]/u.test(character))) return true;
  }
  return false;
}

/** The module whose records a document works on. */
function moduleOf(document: Document): string | undefined {
  switch (document.kind) {
    case 'map':
    case 'workflow':
    case 'rule':
      return document.module?.value;
    case 'mapping':
      return document.from?.value;
    default:
      return undefined;
  }
}

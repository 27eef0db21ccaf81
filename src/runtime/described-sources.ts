import type { Diagnostic } from '../core/diagnostic.ts';
import { plainFile } from '../core/soap-description.ts';
import { describedFiles } from '../document/described-files.ts';
import type { Document } from '../document/document.ts';
import { readDocuments } from '../document/read-documents.ts';
import { MAX_DESCRIPTION_BYTES } from '../document/wsdl.ts';
import { decodeXml } from '../xml/decode.ts';
import type { SourceFile } from './administration.ts';

/** Documents with the files beside them that they name. */
export interface DescribedSources {
  readonly sources: readonly SourceFile[];
  /** About files whose bytes are no text. */
  readonly diagnostics: readonly Diagnostic[];
}

const NAMES_A_FILE = /\swsdl\s*=/u;

/**
 * The documents, and the WSDLs that they say lie beside them, with what those import.
 * @param read gives undefined where there is no such file, which is told when the documents are checked
 */
export async function withDescribedFiles(
  sources: readonly SourceFile[],
  read: (file: string) => Promise<Uint8Array | undefined>,
): Promise<DescribedSources> {
  const documents = sources.filter(({ text }) => NAMES_A_FILE.test(text)).flatMap(documentsOf);
  if (documents.length === 0) return { sources, diagnostics: [] };
  const known = new Set(sources.map(({ file }) => plainFile(file)));
  documents.push(...sources.filter(({ text }) => !NAMES_A_FILE.test(text)).flatMap(descriptionsOf));
  const found: SourceFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (;;) {
    const files = [...describedFiles(documents).missing].filter((file) => !known.has(file));
    if (files.length === 0) return { sources: [...sources, ...found], diagnostics };
    for (const file of files) {
      known.add(file);
      const bytes = await read(file);
      if (bytes === undefined) continue;
      const decoded = decodeXml(bytes, { maxBytes: MAX_DESCRIPTION_BYTES });
      if (decoded.problem === undefined) {
        found.push({ file, text: decoded.text });
        documents.push(...documentsOf({ file, text: decoded.text }));
      } else diagnostics.push({ severity: 'error', file, ...decoded.problem });
    }
  }
}

function documentsOf(source: SourceFile): readonly Document[] {
  return readDocuments(source).documents;
}

/** Of a file that is a description itself; others need not be read. */
function descriptionsOf(source: SourceFile): readonly Document[] {
  return /\.(?:wsdl|xsd)$/iu.test(source.file) || source.text.includes('definitions') ? documentsOf(source) : [];
}

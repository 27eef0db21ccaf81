import type { Diagnostic } from '../../core/diagnostic.ts';
import { MapwrightError } from '../../core/error.ts';
import { describedFiles } from '../../document/described-files.ts';
import type { Document } from '../../document/document.ts';
import type { PackDocument } from '../../document/pack.ts';
import { readDocuments } from '../../document/read-documents.ts';
import { decodeXml } from '../../xml/decode.ts';
import type { SourceFile } from '../administration.ts';
import { documentKey } from '../document-set.ts';
import { checkContents } from './pack-contents.ts';
import { withDigests } from './pack-digests.ts';
import { PACK_DOCUMENT, type PackFile, withoutTopFolder } from './pack-file.ts';
import { withPictures } from './pack-pictures.ts';

/** A pack that has been read. */
export interface ReadPack {
  readonly document: PackDocument;
  /** What is put into force, the pack document with its pictures inside among them. */
  readonly sources: readonly SourceFile[];
  readonly documents: readonly Document[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the files of a pack; problems of its documents are diagnostics. Throws PACK_MISSING when there is no pack document in
 * `pack.xml`.
 */
export function readPackFiles(given: readonly PackFile[]): ReadPack {
  const files = withoutTopFolder(given);
  const decoded = files.filter(({ path }) => /\.(?:xml|wsdl|xsd)$/iu.test(path)).map(decode);
  const read = decoded.map(({ file, text }) => ({ file, text, ...readDocuments({ file, text }) }));
  const top = read.find(({ file }) => file === PACK_DOCUMENT);
  const [document, second] = top?.documents ?? [];
  if (top === undefined || document?.kind !== 'pack' || second !== undefined) {
    throw missing(top?.diagnostics ?? decoded.flatMap(({ diagnostics }) => diagnostics));
  }
  // Tests of maps are for who writes the pack.
  const { used } = describedFiles(read.flatMap((one) => one.documents));
  const stored = read.filter(({ documents: held }) =>
    held.some(({ kind, name }) => (kind === 'wsdl' ? used.has(name) : kind !== 'map-test' && kind !== 'pack')),
  );
  // Descriptions come with the documents that name them, as pictures do.
  const documents = stored.flatMap((one) => one.documents.filter(({ kind }) => kind !== 'map-test' && kind !== 'wsdl'));
  const named = [document, ...documents];
  const pictures = withPictures({ text: top.text, logos: logosOf(named), files });
  const texts = new Map(
    stored.flatMap(({ text, documents: held }) => held.map((one) => [documentKey(one), text] as const)),
  );
  const kept = [{ file: PACK_DOCUMENT, text: withDigests(pictures.text, texts) }, ...stored].map(({ file, text }) => ({
    file,
    text,
  }));
  return {
    document,
    documents: named,
    // A folder of its own: several packs are in force side by side, each with a pack.xml.
    sources: kept.map(({ file, text }) => ({ file: `${document.name}/${file}`, text })),
    diagnostics: [
      ...decoded.flatMap((one) => one.diagnostics),
      ...read.flatMap((one) => one.diagnostics).filter(({ severity }) => severity === 'error'),
      ...pictures.diagnostics,
      ...checkContents(document, documents),
    ],
  };
}

function decode({ path, bytes }: PackFile): SourceFile & { readonly diagnostics: readonly Diagnostic[] } {
  const decoded = decodeXml(bytes);
  if (decoded.problem === undefined) return { file: path, text: decoded.text, diagnostics: [] };
  return { file: path, text: '', diagnostics: [{ severity: 'error', file: path, ...decoded.problem }] };
}

function logosOf(documents: readonly Document[]): ReadonlySet<string> {
  return new Set(documents.flatMap(({ logo }) => logo ?? []));
}

function missing(diagnostics: readonly Diagnostic[]): MapwrightError {
  const first = diagnostics.find(({ severity }) => severity === 'error');
  const why = first === undefined ? '' : `: ${first.file}:${first.range.start.line} ${first.code} ${first.message}`;
  return new MapwrightError('PACK_MISSING', `there is no pack document in ${PACK_DOCUMENT}${why}`, {
    hint: 'a pack has at its top a file pack.xml with <pack name="..." version="1.0.0"> and nothing else',
  });
}

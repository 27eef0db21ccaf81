import { compileCatalog } from '../catalog/catalog.ts';
import type { Document } from '../document/document.ts';
import { readDocuments } from '../document/read-documents.ts';
import {
  CannotConvert,
  type ConversionNote,
  type ConversionOptions,
  type ConvertedFile,
  type KnownNames,
} from './conversion.ts';
import { commentsOf } from './comments.ts';
import { keptReason } from './kept-reason.ts';
import { knownNames } from './known-names.ts';
import { convertMap } from './map/convert-map.ts';
import { convertMapping } from './mapping/convert-mapping.ts';
import { convertRule } from './rule/convert-rule.ts';
import { type NativeElement, writeElement } from './native-element.ts';

/** A document's text and what it is called by. */
export interface ConversionSource {
  readonly file: string;
  readonly text: string;
}

/**
 * Makes native documents of coreBOS documents, all files together, because they tell each other what names mean. Every file
 * is in the result, in the same order, changed or not; a document that is native already keeps its text to the character.
 * What would not pass `check` as a native document stays as it is. Never throws.
 */
export function convertDocuments(
  sources: readonly ConversionSource[],
  options: ConversionOptions,
): readonly ConvertedFile[] {
  const read = sources.map((source) => ({ source, ...readDocuments(source) }));
  const known = knownNames(read);
  const converted = read.map(({ source, documents, diagnostics }) => {
    const problem = diagnostics.find(({ severity }) => severity === 'error');
    if (problem === undefined && documents.length > 0) return convertFile(source, documents, known, options);
    const reason = problem === undefined ? 'nothing could be read' : `${problem.code} ${problem.message}`;
    return unchanged(source, documents, { outcome: 'unreadable', reason });
  });
  return withoutFaults(sources, converted);
}

function convertFile(
  source: ConversionSource,
  documents: readonly Document[],
  known: KnownNames,
  options: ConversionOptions,
): ConvertedFile {
  const [document] = documents;
  const reason = document === undefined ? undefined : keptReason(document);
  if (reason !== undefined) return unchanged(source, documents, { outcome: 'kept', reason });
  try {
    const native = document && nativeOf(document, known, options);
    if (native === undefined) return unchanged(source, documents, { outcome: 'native', reason: undefined });
    const { element, name, notes } = native;
    const text = writeElement({ ...element, comment: commentsOf(source.text) });
    return {
      file: source.file,
      outcome: 'converted',
      documents: [`${element.name} ${name}`],
      text,
      reason: undefined,
      notes,
    };
  } catch (thrown) {
    if (!(thrown instanceof CannotConvert)) throw thrown;
    return unchanged(source, documents, { outcome: 'kept', reason: thrown.message });
  }
}

interface NativeDocument {
  readonly element: NativeElement;
  readonly name: string;
  readonly notes: readonly ConversionNote[];
}

/** The native form of a document of coreBOS; undefined for a native one. Throws CannotConvert. */
function nativeOf(document: Document, known: KnownNames, options: ConversionOptions): NativeDocument | undefined {
  if (!('dialect' in document) || document.dialect === 'native') return undefined;
  switch (document.kind) {
    case 'map':
      return convertMap(document, known, options);
    case 'mapping':
      return convertMapping(document, known, options);
    case 'rule':
      return convertRule(document, known, options);
    default:
      return undefined;
  }
}

function unchanged(
  { file, text }: ConversionSource,
  documents: readonly Document[],
  became: Pick<ConvertedFile, 'outcome' | 'reason'>,
): ConvertedFile {
  return { file, ...became, documents: documents.map(({ kind, name }) => `${kind} ${name}`), text, notes: [] };
}

/** Takes back what would not pass a check. */
function withoutFaults(
  sources: readonly ConversionSource[],
  converted: readonly ConvertedFile[],
): readonly ConvertedFile[] {
  const faults = errorsOf(converted);
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  return converted.map((file) => {
    const fault = file.outcome === 'converted' ? faults.get(file.file) : undefined;
    if (fault === undefined) return file;
    const reason = `as a native document it would have an error: ${fault}`;
    return { ...file, outcome: 'kept', text: texts.get(file.file) ?? file.text, reason, notes: [] };
  });
}

/** The first error in each file that has any. */
function errorsOf(files: readonly ConversionSource[]): ReadonlyMap<string, string> {
  const read = files.map(({ file, text }) => readDocuments({ file, text }));
  const { diagnostics } = compileCatalog(
    read.flatMap(({ documents }) => documents),
    0,
  );
  const errors = [...read.flatMap((one) => one.diagnostics), ...diagnostics].filter(
    ({ severity }) => severity === 'error',
  );
  return new Map(errors.toReversed().map(({ file, code, message }) => [file, `${code} ${message}`]));
}

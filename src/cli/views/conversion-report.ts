import type { ConversionNote, ConvertedFile } from '../../convert/conversion.ts';
import type { DifferingFile, FolderOutcome } from '../document-folder.ts';
import { PAGE_WIDTH } from '../table.ts';
import { printable } from '../text-layout.ts';
import { count } from './documents-report.ts';
import { foldHanging } from './exchange.ts';
import { renderText } from './plan-report.ts';

/** What `convert` did, for scripts and for the report. */
export interface ConversionFacts {
  readonly counts: Readonly<Record<ConvertedFile['outcome'], number>>;
  /** The folder that was written to; undefined when nothing was. */
  readonly folder: string | undefined;
  readonly files: readonly ConvertedFacts[];
  /** Files that are there with another text, because of which nothing was written. */
  readonly differing: readonly string[];
}

interface ConvertedFacts extends Pick<ConvertedFile, 'file' | 'outcome' | 'documents' | 'reason' | 'notes'> {
  /** Where it was written; undefined when it was not. */
  readonly path: string | undefined;
  /** The document, where it was not written. */
  readonly text: string | undefined;
}

/** Puts the facts of a conversion together. */
export function conversionFacts(
  files: readonly ConvertedFile[],
  outcome: FolderOutcome | undefined,
  folder: string | undefined,
): ConversionFacts {
  const of = (wanted: ConvertedFile['outcome']): number => files.filter((file) => file.outcome === wanted).length;
  const isWritten = outcome !== undefined && outcome.differing.length === 0;
  return {
    counts: { converted: of('converted'), kept: of('kept'), native: of('native'), unreadable: of('unreadable') },
    folder: isWritten ? folder : undefined,
    files: files.map(({ file, outcome: became, documents, reason, notes, text }, index) => ({
      file,
      outcome: became,
      documents,
      reason,
      notes,
      path: isWritten ? outcome.paths[index] : undefined,
      text: isWritten ? undefined : text,
    })),
    differing: (outcome?.differing ?? []).map(({ path }) => path),
  };
}

/** The lines in which files that are there differ from what would be written. */
export function renderDiffering(differing: readonly DifferingFile[], colours: boolean): string[] {
  return differing.flatMap(({ path, documents, before, after }) => {
    const named = documents.map((document) => ({
      kind: document.split(' ')[0] ?? '',
      name: document.replace(/^\S+ /u, ''),
    }));
    return renderText({ file: path, documents: named, before, after }, colours);
  });
}

/** Each file with what is particular to it, what several have in common, and how many became what. */
export function renderConversion(facts: ConversionFacts): string[] {
  const shared = sharedNotes(facts.files);
  const noun = nounOf(facts.files);
  const files = facts.files.filter(({ outcome }) => outcome !== 'native').flatMap((file) => renderFile(file, shared));
  const common = [...shared.values()].flatMap(({ note, files: holders }) =>
    foldHanging(`  ${note.kind.padEnd(8)} ${note.at}: ${note.message}   (${count(holders, noun)})`, PAGE_WIDTH),
  );
  return [
    ...files,
    ...(common.length === 0 ? [] : ['', `in several ${noun}s`, ...common, '']),
    ...renderOutcome(facts, noun),
  ];
}

interface SharedNote {
  readonly note: ConversionNote;
  readonly files: number;
}

/** Notes that more than one file has in the same words, by their words. */
function sharedNotes(files: readonly ConvertedFacts[]): ReadonlyMap<string, SharedNote> {
  const all = Map.groupBy(
    files.flatMap(({ notes }) => notes),
    wordsOf,
  );
  const several = [...all].flatMap(([words, [note, ...more]]) =>
    note === undefined || more.length === 0 ? [] : [[words, { note, files: more.length + 1 }] as const],
  );
  return new Map(several);
}

function wordsOf({ kind, at, message }: ConversionNote): string {
  return `${kind} ${at} ${message}`;
}

function renderFile(
  { file, outcome, documents, reason, notes }: ConvertedFacts,
  shared: ReadonlyMap<string, SharedNote>,
): string[] {
  const why = reason === undefined ? '' : `: ${reason}`;
  const title = foldHanging(`${outcome.padEnd(10)} ${documents.join(', ')}   ${printable(file)}${why}`, PAGE_WIDTH);
  const own = notes.filter((note) => !shared.has(wordsOf(note)));
  return [
    ...title,
    ...own.flatMap(({ kind, at, line, message }) =>
      foldHanging(
        `  ${kind.padEnd(8)} ${at}${line === undefined ? '' : `, line ${line}`}: ${printable(message)}`,
        PAGE_WIDTH,
      ),
    ),
  ];
}

/** What was converted are maps, or documents of several kinds. */
function nounOf(files: readonly ConvertedFacts[]): 'map' | 'document' {
  const converted = files.filter(({ outcome }) => outcome === 'converted');
  return converted.every(({ documents }) => documents.every((document) => document.startsWith('map ')))
    ? 'map'
    : 'document';
}

function renderOutcome({ counts, folder, differing }: ConversionFacts, noun: string): string[] {
  const { converted, kept, native, unreadable } = counts;
  const said = `${count(converted, noun)} converted, ${kept} kept, ${native} native already, ${unreadable} unreadable`;
  if (differing.length > 0) {
    return [
      said,
      `nothing written: ${count(differing.length, 'file')} there already with another text; replace with --overwrite`,
    ];
  }
  if (folder === undefined) return [`${said}; nothing written: name a folder with --out`];
  return [`${said}; all in ${folder}`, `next: mapwright check ${folder}, then mapwright plan ${folder}`];
}

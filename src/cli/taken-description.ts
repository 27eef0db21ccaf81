import { join, resolve } from 'node:path';
import { hasErrors } from '../core/diagnostic.ts';
import type { DescribedApi, DescriptionNote, WantedValue } from '../import/description/described-api.ts';
import type { WrittenDocument } from '../import/description/api-documents.ts';
import type { TakenDescription } from '../runtime/import/description-import.ts';
import type { CommandRunner } from './command-runner.ts';
import type { DescriptionOptions } from './description-options.ts';
import { type DocumentFileOutcome, renderDifferences, writeDocumentFiles } from './document-files.ts';
import { renderNotes } from './import-files.ts';
import { renderTable } from './table.ts';
import { printable } from './text-layout.ts';
import { count, renderApplyReport, renderDiagnostics, renderSeverities } from './views/documents-report.ts';

/** Writes the documents of a description, or puts them in force, and tells what was made, what was not, and what is next. */
export async function showDescription(
  api: DescribedApi,
  options: DescriptionOptions,
  runner: CommandRunner,
): Promise<void> {
  const { takeDescription } = await import('../runtime/import/description-import.ts');
  const taken = takeDescription(api, { withTests: options.tests && options.apply !== true });
  if (options.apply === true) return putInForce(taken, options, runner);
  const { out, overwrite = false, dryRun = false } = options;
  const files = taken.documents.map(({ path, text }) => ({ path, text }));
  const folder = resolve(runner.shell.workingFolder, out);
  const outcomes = await writeDocumentFiles({
    folder,
    files,
    overwrite,
    dryRun: dryRun || hasErrors(taken.diagnostics),
  });
  const facts = {
    ...factsOf(taken, options),
    files: outcomes.map(({ path, outcome }) => ({ path, outcome })),
  };
  runner.show(options, facts, () => [
    ...renderTaken(taken, out),
    ...renderDifferences(outcomes, { files, colours: runner.shell.colours }),
    ...renderOutcome(outcomes, taken, options),
  ]);
  if (outcomes.some(({ outcome }) => outcome === 'differs') || hasErrors(taken.diagnostics)) runner.fail();
}

async function putInForce(taken: TakenDescription, options: DescriptionOptions, runner: CommandRunner): Promise<void> {
  const { dryRun = false } = options;
  const documents = taken.documents.map(({ path, text }) => ({ file: path, text }));
  const report = await runner.withInstall(options, { create: true }, (administration) =>
    administration.apply({ documents, prune: false, dryRun, by: runner.shell.operator }),
  );
  runner.show(options, { ...factsOf(taken, options), applied: report }, () => [
    ...renderTaken(taken, ''),
    '',
    ...renderApplyReport(report, { sources: documents, dryRun }),
    ...renderWanted(taken.wanted),
  ]);
  if (hasErrors(report.diagnostics)) runner.fail();
}

function factsOf(
  { documents, wanted, notes, diagnostics }: TakenDescription,
  { out, dryRun }: DescriptionOptions,
): object {
  return {
    folder: out,
    dryRun: dryRun ?? false,
    documents: documents.map(({ kind, name, path }) => ({ kind, name, path })),
    wanted,
    notes,
    diagnostics,
  };
}

const MOST_MAPS = 60;

function renderTaken({ documents, notes, diagnostics }: TakenDescription, out: string): string[] {
  const of = (kind: WrittenDocument['kind']): readonly WrittenDocument[] =>
    documents.filter((one) => one.kind === kind);
  const maps = of('map');
  const rows = [
    ...of('service').map(({ name }) => ['service', name, '']),
    ...of('credential').map(({ name }) => ['credential', name, '']),
    ...maps.slice(0, MOST_MAPS).map(({ name, call }) => ['map', name, call?.title ?? '']),
  ];
  const more = maps.length > MOST_MAPS ? [`and ${maps.length - MOST_MAPS} maps more`] : [];
  const sources = documents.map(({ path, text }) => ({ file: path, text }));
  const errors = diagnostics.filter((one) => hasErrors([one]));
  const checked = out === '' ? [] : ['', `checked: ${renderSeverities(diagnostics)}`];
  return [...columns(rows), ...more, ...renderNotes(grouped(notes)), ...renderDiagnostics(errors, sources), ...checked];
}

function renderOutcome(
  outcomes: readonly DocumentFileOutcome[],
  { documents, wanted, diagnostics }: TakenDescription,
  { out, dryRun = false }: DescriptionOptions,
): string[] {
  const differing = outcomes.filter(({ outcome }) => outcome === 'differs').length;
  if (differing > 0) {
    const are = `${count(differing, 'file')} in ${out} would be replaced, as shown`;
    return ['', `nothing written: ${are}; --overwrite does it, --out FOLDER writes beside them`];
  }
  if (outcomes.length === 0) return ['', 'nothing to write'];
  if (hasErrors(diagnostics)) return ['', 'nothing written: the documents have errors'];
  const written = outcomes.filter(({ outcome }) => outcome !== 'unchanged').length;
  const what = `${written} of ${count(outcomes.length, 'file')}`;
  if (dryRun) return ['', `would write ${what} into ${join(out, '/')}`, ...renderWanted(wanted)];
  const hasTests = documents.some(({ kind }) => kind === 'map-test');
  const next = [`mapwright check ${out}`, ...(hasTests ? [`mapwright test ${out}`] : []), `mapwright apply ${out}`];
  return [
    '',
    `wrote ${what} into ${join(out, '/')}`,
    'next, one after another:',
    ...next.map((one) => `  ${one}`),
    ...renderWanted(wanted),
  ];
}

/** The commands that give the install what the documents name. */
function renderWanted(wanted: readonly WantedValue[]): string[] {
  if (wanted.length === 0) return [];
  const rows = wanted.map(({ kind, name, says, proposed }) => [
    `  mapwright ${kind} set ${name}${kind === 'setting' ? ` ${proposed === undefined ? 'VALUE' : quoted(proposed)}` : ''}`,
    says,
  ]);
  return ['', 'what the install has to be given:', ...columns(rows)];
}

function quoted(text: string): string {
  return /^[A-Za-z0-9_.:/@%+-]+$/u.test(text) ? text : `'${printable(text).replaceAll("'", String.raw`'\''`)}'`;
}

const MOST_NAMED = 4;

/** What is the same of several calls is said once. */
function grouped(notes: readonly DescriptionNote[]): DescriptionNote[] {
  return [...Map.groupBy(notes, ({ says }) => says)].map(([says, some]) => {
    const named = some.slice(0, MOST_NAMED).map(({ of }) => of);
    const more = some.length > MOST_NAMED ? [`and ${some.length - MOST_NAMED} more (--json names them)`] : [];
    return { of: [...named, ...more].join(', '), says };
  });
}

/** The last column gives way. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const width = rows[0]?.length ?? 0;
  return renderTable(
    Array.from({ length: width }, (_, index) => ({ title: '', gives: index === width - 1 })),
    rows,
  );
}

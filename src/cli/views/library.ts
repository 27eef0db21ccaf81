import type {
  LibraryDetails,
  LibraryEntry,
  LibraryFilter,
  LibraryPage,
} from '../../runtime/library/library-administration.ts';
import { renderMoment } from '../duration.ts';
import { PAGE_WIDTH, renderTable } from '../table.ts';
import { oneLine, printable } from '../text-layout.ts';
import { count } from './documents-report.ts';
import { foldHanging, indent } from './exchange.ts';

/** A page of documents, and how to see the next one. */
export function renderLibraryPage({ items, total, next }: LibraryPage, filter: LibraryFilter): string[] {
  if (items.length === 0) return [nothing(filter, total)];
  const isMixed = filter.kind === undefined;
  const rows = items.map((entry) => [
    ...(isMixed ? [entry.kind] : []),
    entry.name,
    entry.type,
    entry.service ?? '',
    entry.label ?? entry.description ?? '',
    entry.changed === undefined ? '' : `${renderMoment(entry.changed.at)} ${entry.changed.by}`,
  ]);
  const columns = [
    ...(isMixed ? [{ title: 'kind' }] : []),
    { title: 'name' },
    { title: 'type' },
    { title: 'service' },
    { title: 'what', gives: true },
    { title: 'last changed' },
  ];
  return [
    ...renderTable(columns, rows),
    ...items.flatMap(renderTrouble),
    ...(next === undefined
      ? []
      : ['', `${items.length} of ${total}; more: --after ${quoted(afterText(next, filter))}`]),
  ];
}

/** Everything about one document. */
export function renderLibraryDetails(details: LibraryDetails): string[] {
  const { kind, name, label, description, author, changed, pack, file, logo } = details;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Label', label],
    ['Type', details.type],
    ...details.facts.map((fact) => [fact.name, fact.value] as const),
    ['If a call fails', details.errorPlan],
    ['Author', author],
    ['Last changed', changed && `${renderMoment(changed.at)} by ${changed.by} (revision ${changed.revision})`],
    ['Pack', pack],
    ['Logo', logo && (logo.isThere ? logo.name : `${logo.name} (no such picture here)`)],
    ['File', file],
  ];
  return [
    `${kind} ${name}`,
    ...(description === undefined
      ? []
      : indent(
          printable(description)
            .split('\n')
            .flatMap((line) => foldHanging(line, PAGE_WIDTH - 2)),
        )),
    ...renderTrouble(details),
    ...facts.flatMap(([title, value]) =>
      value === undefined || value === '' ? [] : indent(foldHanging(`${title}: ${oneLine(value)}`, PAGE_WIDTH - 2)),
    ),
    ...renderNames('Uses', details.uses),
    ...renderNames('Used by', details.usedBy),
    ...renderWanted('setting', details.settings),
    ...renderWanted('secret', details.secrets),
  ];
}

/** What makes its calls less safe, and what is wrong with it. */
function renderTrouble({ kind, name, weaknesses, problem }: LibraryEntry): string[] {
  return [
    ...weaknesses.map((weakness) => `  ! ${kind} ${name}: ${weakness}`),
    ...(problem === undefined ? [] : [`  ! ${kind} ${name} cannot be used: ${oneLine(problem)}`]),
  ];
}

function renderNames(title: string, names: readonly { readonly kind: string; readonly name: string }[]): string[] {
  const told = names.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return told === '' ? [] : indent(foldHanging(`${title}: ${told}`, PAGE_WIDTH - 2));
}

function renderWanted(kind: string, names: LibraryDetails['settings']): string[] {
  return names.map(({ name, isSet }) =>
    isSet
      ? `  ${kind} ${name}: set`
      : `  ${kind} ${name}: NOT SET; mapwright ${kind} set ${name}${kind === 'setting' ? ' VALUE' : ''}`,
  );
}

function nothing({ kind, service, search }: LibraryFilter, total: number): string {
  if (total > 0) return `no more: ${count(total, kind ?? 'document')} in all`;
  const what = [search && `"${search}"`, service && `service ${service}`].filter(Boolean).join(', ');
  return what === '' ? `no ${kind ?? 'document'}s are in force` : `nothing found for ${oneLine(what)}`;
}

function afterText(next: string, { kind }: LibraryFilter): string {
  return kind === undefined ? next : next.slice(kind.length + 1);
}

function quoted(text: string): string {
  return text.includes(' ') ? `"${text}"` : text;
}

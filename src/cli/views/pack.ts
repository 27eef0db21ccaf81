import type {
  AvailablePack,
  InstalledPack,
  PackDetails,
  PackExport,
  PackImportReport,
  PackNeed,
  PackSummary,
} from '../../runtime/pack/pack-administration.ts';
import { renderMoment } from '../duration.ts';
import { PAGE_WIDTH, renderTable } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { CHANGE_MARKS, count, renderDiagnostics } from './documents-report.ts';
import { foldHanging, indent } from './exchange.ts';

/** The packs that are installed. */
export function renderInstalledPacks(packs: readonly InstalledPack[]): string[] {
  return renderPacks(packs, ({ imported, shipped }) => {
    const since = imported === undefined ? 'installed' : `since ${renderMoment(imported.at)} by ${imported.by}`;
    return shipped === undefined ? since : `${since}; ${shipped} comes with the program`;
  });
}

/** The packs that come with the program. */
export function renderAvailablePacks(packs: readonly AvailablePack[]): string[] {
  return renderPacks(packs, ({ installed }) => (installed === undefined ? 'not installed' : `installed: ${installed}`));
}

function renderPacks<T extends PackSummary>(packs: readonly T[], stateOf: (pack: T) => string): string[] {
  if (packs.length === 0) return ['no packs: mapwright pack list --available shows those that come with the program'];
  const rows = packs.map((pack) => [pack.name, pack.version, stateOf(pack), pack.label ?? pack.description ?? '']);
  return renderTable(
    [{ title: 'pack' }, { title: 'version' }, { title: 'state' }, { title: 'what', gives: true }],
    rows,
  );
}

/** Everything about one pack. */
export function renderPackDetails(pack: PackDetails): string[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Author', pack.author],
    ['Licence', pack.licence],
    ['Tested', pack.tested],
  ];
  return [
    `pack ${pack.name} ${pack.version}${pack.label === undefined ? '' : `: ${oneLine(pack.label)}`}`,
    ...(pack.description === undefined ? [] : indent(foldHanging(oneLine(pack.description), PAGE_WIDTH - 2))),
    ...facts.flatMap(([title, value]) =>
      value === undefined ? [] : indent(foldHanging(`${title}: ${oneLine(value)}`, PAGE_WIDTH - 2)),
    ),
    ...indent(renderTable([{ title: '' }, { title: '' }, { title: '', gives: true }], pack.contents.map(contentRow))),
    ...renderNeeds(pack.needs),
    ...(pack.isInstalled ? [] : ['not installed; to put it into force:', `  mapwright pack import ${pack.name}`]),
  ];
}

const STATES = {
  'as-imported': '',
  changed: 'changed here since it was imported',
  missing: 'taken away here',
  available: '',
} as const;

function contentRow({ kind, name, state }: PackDetails['contents'][number]): string[] {
  return [kind, name, STATES[state]];
}

/** What an import did, would do, or was refused for, and what is to be set now. */
export function renderPackImport(report: PackImportReport): string[] {
  const { pack, before, isOlder, changes, changedHere, diagnostics } = report;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const from =
    before === undefined || before === pack.version ? '' : ` (${isOlder ? 'older than' : 'after'} ${before})`;
  return [
    `pack ${pack.name} ${pack.version}${from}`,
    ...renderDiagnostics(errors.length > 0 ? errors : diagnostics.filter(isWorthTelling), []),
    ...changes.map(({ kind, name, change }) =>
      change === 'unchanged' ? `  ${kind} ${name}: as it is` : `${CHANGE_MARKS[change]} ${kind} ${name}`,
    ),
    ...changedHere.map((one) => renderChangedHere(one, report)),
    ...outcomeOf(report, errors.length),
  ];
}

function renderChangedHere(
  { kind, name, pack }: PackImportReport['changedHere'][number],
  { stored }: PackImportReport,
): string {
  const why =
    pack === undefined ? 'was made or changed here' : `is brought by pack ${pack} too, and is another one there`;
  return `! ${kind} ${name} ${why}${stored ? ': replaced' : ', and would be replaced'}`;
}

/** What is missing is told as what is to be set. */
function isWorthTelling({ code, severity }: PackImportReport['diagnostics'][number]): boolean {
  return severity !== 'info' && code !== 'SETTING_NOT_SET' && code !== 'SECRET_NOT_SET';
}

function outcomeOf(
  { revision, stored, needsOverwrite, changes, needs, values }: PackImportReport,
  errors: number,
): string[] {
  if (errors > 0) return [`nothing changed: ${count(errors, 'error')}; revision ${revision} stays in force`];
  if (needsOverwrite) {
    return [
      `nothing changed: revision ${revision} stays in force`,
      'hint: keep your own under other names first, or add --overwrite',
    ];
  }
  const differing = changes.filter(({ change }) => change !== 'unchanged').length;
  const rest = [...values.map(({ name, value }) => `  setting ${name} = ${oneLine(value)}`), ...renderNeeds(needs)];
  if (differing === 0) return [`nothing differs: revision ${revision} stays in force`, ...rest];
  if (!stored) return [`would make a revision after ${revision} of ${count(differing, 'change')}`, ...rest];
  return [`revision ${revision} is in force: ${count(differing, 'change')}`, ...rest];
}

/** What has no value yet, with the commands that give it one. */
function renderNeeds(needs: readonly PackNeed[]): string[] {
  const open = needs.filter(({ isSet }) => !isSet);
  if (needs.length === 0) return [];
  if (open.length === 0) return ['every setting and secret that it wants has a value'];
  return [
    'to be set:',
    ...open.flatMap((need) => [
      `  mapwright ${need.kind} set ${need.name}${valueOf(need)}`,
      ...indent(
        indent(foldHanging(`${need.required ? '' : '(if wanted) '}${oneLine(need.description)}`, PAGE_WIDTH - 4)),
      ),
    ]),
  ];
}

function valueOf({ kind, value, example }: PackNeed): string {
  if (kind === 'secret') return '';
  const text = value ?? example;
  if (text === undefined) return ' VALUE';
  return /^[A-Za-z0-9@%+=:,./_-]+$/u.test(text) ? ` ${text}` : ` '${oneLine(text).replaceAll("'", `'\\''`)}'`;
}

/** What has been packed, and what to look at before it is given away. */
export function renderPackExport({ pack, contents, needs, diagnostics }: PackExport, target: string): string[] {
  return [
    ...renderDiagnostics(
      diagnostics.filter(({ severity }) => severity !== 'info'),
      [],
    ),
    ...contents.map(({ kind, name }) => `+ ${kind} ${name}`),
    ...needs.map(
      ({ kind, name, value }) => `  wants ${kind} ${name}${value === undefined ? '' : ` (offered: ${oneLine(value)})`}`,
    ),
    `pack ${pack.name} ${pack.version} is in ${target}: ${count(contents.length, 'document')}, no secrets`,
  ];
}

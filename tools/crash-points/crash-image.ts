import type { Row } from './crash-database.ts';
import { type Tables, rowsOf } from './crash-evidence.ts';

/**
 * What has to come out the same, whether a process died on the way or not: columns by table. Times, tries, leases and
 * numbers are left out, and so is what somebody only looked at.
 */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  runs: ['workflow', 'record_id', 'status', 'handled', 'initiator', 'depth', 'wait_for', 'undecided'],
  record_history: ['record_id', 'kind', 'by', 'task', 'changes'],
  relations: ['source', 'target', 'by'],
  notifications: ['user', 'text', 'task', 'record_id'],
  deliveries: ['way', 'receiver', 'cause', 'task', 'state'],
  inbox: ['state', 'kind', 'workflow', 'task', 'owner', 'note', 'resolution'],
  inbox_jobs: ['by', 'reason', 'state'],
  inbox_job_items: ['job', 'state', 'code'],
  users: ['name', 'admin', 'active', 'role', 'email'],
  passwords: ['user'],
  groups: ['name', 'description'],
  group_members: ['group', 'user'],
  units: ['name', 'parent'],
  unit_members: ['unit', 'user'],
  api_tokens: ['name', 'grants', 'revoked_by'],
  settings: ['name', 'value'],
  secrets: ['name', 'set_by'],
  revisions: ['number', 'by'],
  revision_documents: ['revision', 'kind', 'name', 'file'],
  dedup_keys: ['scope'],
  api_requests: ['caller', 'key'],
  queued_operations: ['user', 'operation'],
  import_identities: ['source', 'remote', 'local'],
  import_references: ['source', 'field', 'remote'],
  destinations: ['key'],
  first_true: ['record_id', 'workflow'],
  run_keys: ['name', 'value'],
  restarts: [],
  messages: ['channel', 'text'],
};

/** What an install holds, as far as it has to come out the same: one text for each row, by table. */
export type CrashImage = Readonly<Record<string, readonly string[]>>;

/** `differs`: tables that may come out differently. */
export function imageOf(tables: Tables, differs: readonly string[]): CrashImage {
  const workflows = new Map(rowsOf(tables, 'runs').map(({ id, workflow }) => [String(id), String(workflow)]));
  const picked = Object.entries(COLUMNS).map(([table, columns]): [string, readonly string[]] => [
    table,
    rowsOf(tables, table).map((row) => toldRow(row, columns, workflows)),
  ]);
  const modules = Object.entries(tables).filter(([table]) => table.startsWith('m_'));
  const all: readonly (readonly [string, readonly string[]])[] = [
    ...picked,
    [
      'steps',
      rowsOf(tables, 'steps')
        .filter(isOfTask)
        .map((row) => toldRow(row, STEP, workflows)),
    ],
    [
      'audit',
      rowsOf(tables, 'audit')
        .filter(tookEffect)
        .map((row) => toldRow(row, ['by', 'action'], workflows)),
    ],
    ['slots', rowsOf(tables, 'run_triggers').flatMap(slotOf)],
    ['imports', rowsOf(tables, 'imports').map((row) => toldRow(row, ['module', 'direction', 'progress'], workflows))],
    ['answers', rowsOf(tables, 'queued_operations').map(({ answer }) => (answer === null ? 'none' : 'answered'))],
    ...modules.map(([table, rows]) => [table, rows.map(fieldsOf)] as const),
  ];
  return Object.fromEntries(
    all.filter(([table]) => !differs.includes(table)).map(([table, rows]) => [table, rows.toSorted()]),
  );
}

const STEP = ['task', 'status', 'effects'];

/** Sessions are opened and closed, and remotes looked at, as often as it takes. */
function isOfTask({ purpose }: Row): boolean {
  return purpose === 'main';
}

function tookEffect({ took_effect: effect }: Row): boolean {
  return effect === true || effect === 1;
}

function toldRow(row: Row, columns: readonly string[], workflows: ReadonlyMap<string, string>): string {
  const own = columns.map((column) => row[column] ?? null);
  const workflow = 'run' in row ? [workflows.get(String(row['run'])) ?? null] : [];
  return withoutNumbers(JSON.stringify([...own, ...workflow]));
}

function fieldsOf(row: Row): string {
  return withoutNumbers(JSON.stringify(Object.entries(row).filter(([column]) => column.startsWith('f_'))));
}

/** A slot fires once: its time tells which it is. */
function slotOf({ trigger }: Row): string[] {
  const { schedule } = (typeof trigger === 'string' ? JSON.parse(trigger) : trigger) as { schedule?: unknown };
  return schedule === undefined || schedule === null ? [] : [JSON.stringify(schedule)];
}

/** Numbers of records have gaps after a crash, those of runs too, in texts as well: `60x7` becomes `60x`, `run 2` `run`. */
function withoutNumbers(text: string): string {
  return text
    .replaceAll(/(?<![\w-])(\d+x)\d+(?![\w-])/gu, '$1')
    .replaceAll(/(\\?"kind\\?":\\?"run\\?"[^}]*\\?"value\\?":)\d+/gu, '$1')
    .replaceAll(/(run|runs show) \d+/gu, '$1');
}

/** What is in `one` and not in `other`, each as often as it is more: `runs: ["order",...]`. */
export function surplus(one: CrashImage, other: CrashImage): readonly string[] {
  return Object.entries(one).flatMap(([table, rows]) => {
    const left = [...(other[table] ?? [])];
    return rows.flatMap((row) => {
      const place = left.indexOf(row);
      if (place === -1) return [`${table}: ${row.slice(0, 300)}`];
      left.splice(place, 1);
      return [];
    });
  });
}

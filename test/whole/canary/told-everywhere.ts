import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { runCommandLine } from '../../../src/cli/program.ts';
import { openAdministration } from '../../../src/cli/open-administration.ts';
import type { Shell } from '../../../src/cli/shell.ts';
import { messageOf } from '../../../src/core/error.ts';
import type { Run } from '../../../src/core/run.ts';
import { statement } from '../../store/postgres-cluster.ts';
import { until } from '../poll.ts';
import type { CanaryInstall } from './canary-install.ts';

/** Where something was told -> what. */
export type Told = Map<string, string>;

/** What the database holds, every value of every column, and the files of the folders as they are. */
export async function storedBy(install: CanaryInstall, database: string | undefined): Promise<Told> {
  const told: Told = new Map();
  if (database !== undefined) for (const [name, text] of await postgresTexts(database)) told.set(name, text);
  for (const folder of [install.folder, install.temporary]) {
    for (const file of filesBelow(folder)) {
      told.set(file, readFileSync(file).toString('utf8'));
      if (/\.(?:db|mapwright-backup|sqlite)$/u.test(file)) {
        for (const [name, text] of sqliteTexts(file)) told.set(`${file} ${name}`, text);
      }
    }
  }
  return told;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

function sqliteTexts(file: string): [name: string, text: string][] {
  const db = new Database(file, { readonly: true });
  try {
    const tables = db.prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
    return tables.map(({ name }) => [
      name,
      db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`).all().map(rowText).join('\n'),
    ]);
  } finally {
    db.close();
  }
}

async function postgresTexts(url: string): Promise<[name: string, text: string][]> {
  const tables = await statement(url, `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
  return Promise.all(
    tables.map(async ({ name }): Promise<[string, string]> => {
      const rows = await statement(url, `SELECT * FROM "${String(name)}"`);
      return [`postgres ${String(name)}`, rows.map(rowText).join('\n')];
    }),
  );
}

/** Every value of a row, as it is; JSON besides as the texts that it holds. */
function rowText(row: Readonly<Record<string, unknown>>): string {
  return Object.values(row).map(valueText).join('\n');
}

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return typeof value === 'object' ? everyText(value) : String(value);
}

/** All texts in a value, as they are and as JSON writes them. */
function everyText(value: unknown): string {
  const texts: string[] = [];
  const whole = JSON.stringify(value, (name, one: unknown) => {
    texts.push(name);
    if (typeof one === 'string') texts.push(one);
    return one;
  });
  return [whole, ...texts].join('\n');
}

/** Until then texts may be under way that nobody could look through. */
export async function noticesMailed({ served }: CanaryInstall, runs: readonly Run[]): Promise<void> {
  const { administration } = served.install;
  await until('the notices are mailed', async () => {
    const all = await Promise.all(runs.map(async ({ id }) => (await administration.run({ id })).deliveries ?? []));
    return all.flat().every(({ state }) => state === 'sent') || undefined;
  });
}

/** What the install shows to people and programs, in every way that there is. */
export async function shownBy(install: CanaryInstall, runs: readonly Run[]): Promise<Told> {
  const { served, lines, spans, events, mail } = install;
  const { administration } = served.install;
  await noticesMailed(install, runs);
  const details = await Promise.all(runs.map(({ id }) => administration.run({ id })));
  const told: Told = new Map([
    ['runs', everyText([await administration.runs({ limit: 200 }), details])],
    ['inbox', everyText([await administration.inbox({}), ...(await inboxItems(install, runs))])],
    ['notices', everyText(await administration.notifications({ all: true, limit: 200 }))],
    ['settings', everyText([await administration.settings(), await administration.secrets()])],
    ['audit', everyText(await administration.audit({ limit: 200 }))],
    ['export', everyText(await administration.revision({}))],
    ['log', lines.join('\n')],
    ['spans', everyText(spans.map(({ name, attributes, error }) => [name, attributes, error]))],
    ['events', everyText(events.map((event) => JSON.parse(eventText(event)) as unknown))],
    ['trials', everyText(await triedBy(install))],
    ['mail', mail.taken.map(({ text }) => `${text}\n${unfolded(text)}`).join('\n')],
  ]);
  for (const [path, text] of await askedOverHttp(install, runs)) told.set(path, text);
  for (const [command, text] of await askedByCommand(install, runs)) told.set(command, text);
  await backUp(install);
  return told;
}

const TRIED = ['refused', 'broken', 'failure', 'unreadable', 'echo', 'number'];

/** What trials of a map and of the credential show; nothing of them is stored. */
async function triedBy({ served }: CanaryInstall): Promise<unknown[]> {
  const { administration } = served.install;
  const { maps, credentials } = served.install.catalog();
  const told: unknown[] = [];
  for (const name of maps.has('say') ? TRIED : []) {
    told.push(await administration.tryMap({ map: 'say', documents: [], record: { name }, context: {}, send: true }));
  }
  for (const name of credentials.keys()) {
    const trial = administration.testCredential({ name, documents: [] });
    told.push(await trial.catch((thrown: unknown) => ({ message: messageOf(thrown) })));
  }
  return told;
}

function eventText(event: unknown): string {
  return JSON.stringify(event, (_, one: unknown) => (one instanceof Error ? `${one.message} ${one.stack ?? ''}` : one));
}

/** Quoted-printable and base64 undone as far as a search needs it. */
function unfolded(mail: string): string {
  return mail
    .replaceAll(/=\r?\n/gu, '')
    .replaceAll(/(?:=[0-9A-F]{2})+/gu, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'));
}

function inboxItems({ served }: CanaryInstall, runs: readonly Run[]): Promise<unknown[]> {
  const waiting = runs.filter(({ wait }) => wait?.for === 'person');
  return Promise.all(waiting.map(({ id }) => served.install.administration.inboxItem({ run: id })));
}

/** What the REST API, the metrics and the stream of events answer. */
async function askedOverHttp({ served }: CanaryInstall, runs: readonly Run[]): Promise<Told> {
  const { administration } = served.install;
  const name = `reader-${runs.length}`;
  const { secret } = await administration.createToken({ name, grants: ['administrator'], by: 'test' });
  const headers = { authorization: `Bearer ${secret}` };
  const lists =
    'runs?limit=200 inbox inbox/items notifications audit secrets settings destinations revisions credentials status';
  const paths = [...lists.split(' '), ...runs.map(({ id }) => `runs/${id}`)].map((path) => `/api/v1/${path}`);
  const told: Told = new Map();
  for (const path of [...paths, '/metrics', '/health', '/ready']) {
    const response = await fetch(`${served.url}${path}`, path.startsWith('/api/') ? { headers } : {});
    const text = await response.text();
    if (response.ok)
      told.set(path, /json/u.test(response.headers.get('content-type') ?? '') ? everyText(JSON.parse(text)) : text);
  }
  assert.ok(told.has('/api/v1/runs?limit=200') && told.has('/metrics'), [...told.keys()].join(' '));
  return told;
}

/** What the command line prints, in both of its forms. */
async function askedByCommand(install: CanaryInstall, runs: readonly Run[]): Promise<Told> {
  const told: Told = new Map();
  const shown = runs.flatMap(({ id }) => [
    ['runs', 'show', String(id)],
    ...(id % 3 === 0 ? [['inbox', 'show', String(id)]] : []),
  ]);
  const asked = [
    'runs list',
    'inbox list',
    'notifications list',
    'audit',
    'secret list',
    'credential list',
    'credential show login',
  ];
  for (const words of [...asked.map((line) => line.split(' ')), ...shown]) {
    for (const more of [[], ['--json']]) {
      told.set([...words, ...more].join(' '), await printed(install, [...words, ...more]));
    }
  }
  const first = told.get('runs list') ?? '';
  assert.match(first, /note-made/u);
  return told;
}

async function printed({ folder, temporary }: CanaryInstall, words: readonly string[]): Promise<string> {
  const output: string[] = [];
  const shell: Shell = {
    print: (text) => void output.push(text),
    printError: (text) => void output.push(text),
    colours: false,
    logsToPerson: false,
    input: { interactive: false, readAll: async () => Buffer.alloc(0), ask: async () => '', askHidden: async () => '' },
    environment: {},
    workingFolder: temporary,
    temporaryFolder: temporary,
    clock: { now: () => Date.now() },
    operator: 'test',
    openAdministration: (params) => openAdministration({ operator: 'test', ...params }),
    untilSignal: () => new Promise(() => undefined),
  };
  await runCommandLine({ arguments: [...words, '--dir', folder], version: '0.0.0', shell });
  return output.join('\n');
}

async function backUp({ served }: CanaryInstall): Promise<void> {
  const { administration } = served.install;
  await administration.beginBackup({});
  await until('the backup is done', async () => {
    const state = await administration.backupState();
    assert.notEqual(state?.stage, 'failed', JSON.stringify(state?.failure));
    return state?.stage === 'done' ? true : undefined;
  });
}

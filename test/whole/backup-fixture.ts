import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import Database from 'better-sqlite3';
import type { Run } from '../../src/core/run.ts';
import type { Administration, SourceFile } from '../../src/runtime/administration.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';
import { onCreate, ORDERS, type ScriptedPeer, shop } from './scripted-peer.ts';

const SEND = nativeDocument(
  'map',
  'name="send-order" module="Orders" service="shop"',
  '<call method="POST" path="/orders"/><parameters><parameter name="order" field="order_no"/></parameters>',
);

/** Documents that send each new order to the peer. */
export function sendingOrders(peer: { readonly url: string }): SourceFile[] {
  return [ORDERS, shop(peer), SEND, onCreate('<webservice id="send" map="send-order"/>')];
}

/** An install in a folder of its own that sends its orders to the peer, open for nobody. */
export async function orderInstall(t: TestContext, peer: { readonly url: string }): Promise<string> {
  const folder = join(await temporaryFolder(t), 'data');
  const install = await openInstall({ folder, env: {} });
  await install.administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
  const documents = sendingOrders(peer);
  const report = await install.administration.apply({ documents, prune: false, dryRun: false, by: 'test' });
  assert.ok(report.stored, JSON.stringify(report.diagnostics));
  await install.close();
  return folder;
}

/** An install that a test works on, until it is closed or the test is over. */
export interface OrderInstall {
  readonly administration: Administration;
  save(order: string): Promise<unknown>;
  /** Oldest first. */
  runs(): Promise<readonly Run[]>;
  /** Resolves when there are so many runs, and all have been completed. */
  allEnded(count: number): Promise<unknown>;
  /** Gives up what is under way at once, as a process that dies. */
  close(): Promise<void>;
}

/** Opens the install in a folder, or in a database, in this process. */
export async function opened(
  t: TestContext,
  folder: string,
  { worker, database }: { readonly worker: boolean; readonly database?: string },
): Promise<OrderInstall> {
  const install = await openInstall({ folder, database, env: {} });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= install.close(0));
  t.after(close);
  if (worker) await install.startWorker();
  const { administration } = install;
  const runs = async (): Promise<readonly Run[]> => (await administration.runs({ limit: 200 })).toReversed();
  return {
    administration,
    save: (order) => administration.createRecord({ module: 'Orders', values: { order_no: order } }),
    runs,
    allEnded: (count) =>
      until(`${count} runs are completed`, async () => {
        const all = await runs();
        return all.length === count && all.every(({ status }) => status === 'completed') ? all : undefined;
      }),
    close,
  };
}

/** Makes a backup and waits for it. */
export async function backUp({ administration }: OrderInstall, file: string): Promise<void> {
  await administration.beginBackup({ target: file });
  const state = await until('the backup ends', async () => {
    const now = await administration.backupState();
    return now?.stage === 'done' || now?.stage === 'failed' ? now : undefined;
  });
  assert.equal(state.stage, 'done', state.failure?.message);
}

/** An empty folder with the key of an install. */
export async function elsewhere(t: TestContext, folder: string): Promise<string> {
  const there = join(await temporaryFolder(t), 'restored');
  await mkdir(there);
  await copyFile(join(folder, 'mapwright.key'), join(there, 'mapwright.key'));
  return there;
}

/** The numbers of the orders that the peer was sent, in order of the numbers, as often as they came. */
export function sentOrders(peer: ScriptedPeer): string[] {
  return peer
    .of('/orders')
    .map(({ body }) => String((JSON.parse(body) as { readonly order: unknown }).order))
    .toSorted();
}

/** Makes the database so large that copying it takes a while, with text that no reader looks at. */
export function enlarge(folder: string, megabytes: number): void {
  const db = new Database(join(folder, 'mapwright.db'));
  const add = db.prepare('INSERT INTO blobs (hash, text) VALUES (?, ?)');
  const text = 'x'.repeat(100_000);
  db.transaction(() => {
    for (let count = 0; count < megabytes * 10; count++) add.run(`filling-${count}`, text);
  })();
  db.close();
}

/** Names of the files that stand in a folder, without those of a process that runs. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !/-(?:wal|shm)$|\.(?:lock|pid|sock)$/u.test(name)).toSorted();
}

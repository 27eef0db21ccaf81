import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { InboxJob, InboxJobState } from '../../src/core/inbox.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { RunCommand } from '../../src/runtime/inbox-administration.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { type InstallOptions, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';
import { onCreate, ORDERS, ScriptedPeer, shop } from './scripted-peer.ts';

/** Sends the order, with what the context holds, and keeps the id that comes back. */
export const SEND = nativeDocument(
  'map',
  'name="send-order" module="Orders" service="shop"',
  `<call method="POST" path="/orders"/>
   <parameters><parameter name="order" field="order_no"/><parameter name="code" context="code" default="none"/></parameters>
   <response><output path="id" field="remote" optional="true"/><output path="ticket" context="ticket" optional="true" sensitive="true"/></response>`,
);

/** Tells that the order went out. */
export const TELL = nativeDocument(
  'map',
  'name="tell" module="Orders" service="shop"',
  `<call method="POST" path="/told"/><parameters><parameter name="order" field="order_no"/></parameters>`,
);

const TASKS = '<webservice id="send" map="send-order"/><webservice id="tell" map="tell"/>';

/** The documents of an install that sends its orders to the peer. */
export function orderDocuments(peer: { readonly url: string }, tasks = TASKS): SourceFile[] {
  return [ORDERS, shop(peer), SEND, TELL, onCreate(tasks)];
}

/** An install, with a peer that refuses orders until it is told otherwise. */
export async function openRefused(
  t: TestContext,
  options: Partial<InstallOptions> = {},
): Promise<{ a: TestInstall; peer: ScriptedPeer }> {
  const peer = await ScriptedPeer.open(t);
  peer.reply('/orders', { status: 400, body: { error: 'no such customer' } });
  const a = await TestInstall.open(t, { documents: orderDocuments(peer), ...options });
  return { a, peer };
}

/** Has somebody do something about a run. */
export function command(a: TestInstall, run: number, given: RunCommand, by = 'anna') {
  return a.install.administration.commandRun({ run, command: given, by, origin: 'test' });
}

/** This many orders whose runs wait for a person. */
export async function parkedOrders(a: TestInstall, count: number): Promise<void> {
  for (let number = 1; number <= count; number++) await a.create({ order_no: `SO-${number}` }, 'Orders');
  await until(`${count} runs are in the inbox`, async () => {
    const [group] = await a.install.administration.inbox({});
    return group?.count === count ? true : undefined;
  });
}

/** The job once it is in this state. */
export function jobIn(a: TestInstall, id: number, state: InboxJobState): Promise<InboxJob> {
  return until(`job ${id} is ${state}`, async () => {
    const job = await a.install.administration.inboxJob({ id, limit: 1 });
    return job.state === state ? job : undefined;
  });
}

/** The bodies of the requests for the path, in order. */
export function bodies(peer: ScriptedPeer, path: string): JsonObject[] {
  return peer.of(path).map(({ body }) => {
    const parsed: unknown = JSON.parse(body);
    assert.ok(typeof parsed === 'object' && parsed !== null);
    return parsed as JsonObject;
  });
}

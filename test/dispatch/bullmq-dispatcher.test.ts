import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { createBullmqDispatcher } from '../../src/dispatch/bullmq-dispatcher.ts';
import { dispatcherContract } from '../contract/dispatcher-contract.ts';
import { dropDatabase, emptyDatabase } from '../store/postgres-cluster.ts';

const clock = { now: () => Date.now() };
const url = await emptyDatabase();
after(() => dropDatabase(url));

dispatcherContract('BullMQ on PostgreSQL', async ({ sweepMs }) =>
  createBullmqDispatcher({ url, clock, sweepMs, installId: randomUUID(), onFault: () => undefined }),
);

// A node that calls an API with a credential, on an install in PostgreSQL: DATABASE TOKEN-URL API-URL CALLS AHEAD-MS. Waits for
// a line before it begins, tells what came of its calls as a line of JSON, and ends when its input does.
import { once } from 'node:events';
import { openOn } from '../../store/postgres-install.ts';
import { call, came, oauth, openNode } from './credential-world.ts';

const [database = '', tokenUrl = '', url = '', calls = '1', aheadMs = '0'] = process.argv.slice(2);
const store = await openOn(database);
const closing: (() => unknown)[] = [];
const clock = { now: () => Date.now() + Number(aheadMs) };
const node = openNode({ after: (close) => void closing.push(close as () => unknown) }, store, clock);
const credential = oauth(tokenUrl, { type: 'password', user: 'anna', password: 'her password' });
process.stdout.write('"ready"\n');
await once(process.stdin, 'data');
const outcomes = await Promise.all(Array.from({ length: Number(calls) }, () => call(node, url, credential)));
process.stdout.write(`${JSON.stringify([...new Set(outcomes.map(came))])}\n`);
for (const close of closing) await close();
await store.close();
process.stdin.destroy();

// Changes the key of an install and dies at a given call of its keys: FOLDER DATABASE METHOD CALLS.
import { randomUUID } from 'node:crypto';
import type { KeyStore } from '../../src/core/key-store.ts';
import { openStore } from '../../src/runtime/open-store.ts';
import { rotateKey } from '../../src/runtime/secret/rotate-key.ts';

const [folder = '', database = '', method = '', calls = '1'] = process.argv.slice(2);
const clock = { now: () => Date.now() };
const store = await openStore({ folder, database: database === '' ? undefined : database, env: {}, clock });
let left = Number(calls);
const keys = new Proxy<KeyStore>(store.keys, {
  get(target, name) {
    const member: unknown = Reflect.get(target, name, target);
    if (typeof member !== 'function') return member;
    return async (...given: readonly unknown[]) => {
      const answer: unknown = await Reflect.apply(member, target, given);
      if (name === method && --left === 0) process.kill(process.pid, 'SIGKILL');
      return answer;
    };
  },
});
// Changing the key keeps no process from ending.
const awake = setInterval(() => undefined, 1_000);
const isAlone = database === '';
const parts = { ...store, keys, clock, isAlone, holder: randomUUID() };
await rotateKey(parts, { leaveUnknown: false, onProgress: () => undefined });
process.stdout.write('not killed\n');
await store.close();
clearInterval(awake);

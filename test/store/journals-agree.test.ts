import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TestInstall } from '../contract/test-install.ts';
import type { Round } from './journal-script.ts';
import { JournalScript, rounds } from './journal-script.ts';
import { postgresInstall } from './postgres-install.ts';
import { sqliteInstall } from './sqlite-install.ts';

describe('the journals of both databases', () => {
  it('come to the same, whatever is asked of them at once', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (script) => {
        const [one, other] = await Promise.all([
          played(await sqliteInstall(), script),
          played(await postgresInstall(), script),
        ]);
        assert.deepEqual(other, one);
      }),
      { numRuns: 20 },
    );
  });
});

/** What was answered round by round, and what is stored in the end. */
async function played(install: TestInstall, script: readonly Round[]): Promise<unknown[]> {
  const store = await install.open();
  try {
    const journal = new JournalScript(store);
    const told: unknown[] = [];
    for (const round of script) told.push(await journal.play(round));
    return [...told, await journal.stored()];
  } finally {
    await store.close();
    await install.remove();
  }
}

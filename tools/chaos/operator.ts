import { setTimeout as pause } from 'node:timers/promises';
import { connectControl } from '../../src/server/control/control-client.ts';
import { JournalFile } from '../stage/journal-file.ts';
import { strandedRuns } from './stranded-runs.ts';

/** What somebody who watches A saw and did. */
export interface OperatorFacts {
  /** Runs that waited for a person and were retried. */
  retries: number;
  /** Looks at the journal. */
  looks: number;
  /** Runs that nothing would ever have moved, as they were seen. */
  readonly stranded: Set<string>;
}

const LOOK_EVERY_MS = 1_000;
const RETRIED_AT_ONCE = 200;

/** Watches A while things happen to it, and tries again what waits for a person, through the same door as the command line. */
export class Operator {
  readonly facts: OperatorFacts = { retries: 0, looks: 0, stranded: new Set() };
  readonly #folder: string;
  readonly #working: Promise<void>;
  #isStopping = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.#working = this.#work();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    while (!this.#isStopping) {
      // A is killed again and again: what cannot be done now is done at the next look.
      await this.#look().catch(() => undefined);
      await pause(LOOK_EVERY_MS);
    }
  }

  async #look(): Promise<void> {
    const parked = this.#parked();
    if (parked.length === 0) return;
    const administration = await connectControl(this.#folder);
    if (administration === undefined) return;
    for (const id of parked) {
      await administration.retry({ id, by: 'operator' }).then(
        () => this.facts.retries++,
        () => undefined,
      );
    }
  }

  #parked(): number[] {
    const journal = new JournalFile(this.#folder);
    try {
      this.facts.looks++;
      for (const run of strandedRuns(journal)) this.facts.stranded.add(run);
      const rows = journal.rows<{ id: number }>(
        `SELECT id FROM runs WHERE wait_for = 'person' AND ended_at IS NULL AND due_at IS NULL ORDER BY id LIMIT ${RETRIED_AT_ONCE}`,
      );
      return rows.map(({ id }) => id);
    } finally {
      journal.close();
    }
  }
}

import { createHash } from 'node:crypto';
import type { RecordWrite } from '../core/unit-of-work.ts';
import type { RunState } from './run-state.ts';

const DIGEST_LENGTH = 16;

/**
 * Has a host that keeps its own records apply a decided change, before the commit that ends the step. `none` for a host
 * whose records are committed with the run. Rejects with what the host rejects with: nothing is committed then.
 */
export async function writeAtHost(
  state: RunState,
  write: RecordWrite | undefined,
): Promise<'written' | 'conflict' | 'none'> {
  const { engine, progress, pending, image } = state;
  if (engine.host.write === undefined || Object.keys(pending.fields).length === 0) return 'none';
  if (write !== undefined) {
    if ((await engine.host.write(write, { key: keyOf(state) })) === 'conflict') return 'conflict';
    if (image !== undefined) state.image = { ...image, version: image.version + 1, values: write.values };
  }
  // Counted also when nothing differed: after a crash that may mean that the host has this write already.
  progress.hostWrites++;
  return 'written';
}

/**
 * The same when, and only when, the same values are written again at the same place of the run, which happens after a
 * crash between the host's commit and the journal's. Another answer to the repeated call makes another key: dropping
 * what it says as a repetition would leave the record behind the run.
 */
function keyOf({ engine, lease, pending, progress }: RunState): string {
  const values = JSON.stringify([pending.task ?? '', pending.fields]);
  const digest = createHash('sha256').update(values).digest('hex').slice(0, DIGEST_LENGTH);
  return `mw-${engine.installId}-${lease.run.id}-w${progress.hostWrites + 1}-${digest}`;
}

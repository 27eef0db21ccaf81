import type { Json } from '../../src/core/json.ts';
import type { Area } from './area.ts';
import { ProgressFile } from './progress-file.ts';
import { type RoundReport, runRounds } from './round-loop.ts';

/** What the process of an area is told to do. */
export interface AreaOrder {
  /** The module that exports the area as `AREA`. */
  readonly module: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly input?: Json;
  readonly progressFile: string;
}

// Runs the rounds of one area in a process of its own: whatever an input does to it, the process that watches goes on.

process.once('message', (order: AreaOrder) => {
  obey(order).catch((thrown: unknown) => {
    console.error(thrown);
    process.exit(1);
  });
});
// Without a parent nobody would end it.
process.once('disconnect', () => process.exit(0));

async function obey({ module, progressFile, ...order }: AreaOrder): Promise<void> {
  const progress = new ProgressFile(progressFile, 'write');
  const { AREA } = (await import(module)) as { readonly AREA: Area };
  process.on('unhandledRejection', (thrown) => {
    const message = `a rejection was left unhandled: ${thrown instanceof Error ? thrown.stack : String(thrown)}`;
    void tell({ round: progress.read().round, kind: 'broken', message });
  });
  await runRounds({ ...order, area: AREA, progress, report: tell });
  process.disconnect();
}

function tell(report: RoundReport): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(report, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}

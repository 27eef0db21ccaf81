import { setTimeout as pause } from 'node:timers/promises';
import { JournalFile } from '../../tools/stage/journal-file.ts';
import type { CaseName, Stage, Subject } from './stage.ts';

export interface MeasureParams {
  /** Saves of each case. */
  readonly saves: number;
  /** The mean pause between two saves; 0: each follows its predecessor's answer at once. */
  readonly gapMs: number;
}

/** Milliseconds, one for each save or run. */
export interface Samples {
  readonly saves: Record<CaseName, number[]>;
  /** From acceptance to end, of runs to a healthy destination, while the products' destination is up, or hangs. */
  readonly otherRuns: { readonly up: readonly number[]; readonly hanging: readonly number[] };
}

const SAVES_IN_A_ROUND = 25;
const WARM_UP_SAVES = 50;
const SETTLE_MS = 200;

/** Measures in rounds, the cases taking turns, so that what disturbs the machine disturbs them alike. */
export async function measure({ subjects }: Stage, params: MeasureParams): Promise<Samples> {
  const saves: Samples['saves'] = { none: [], up: [], down: [], hanging: [] };
  for (const subject of subjects) for (let n = 0; n < WARM_UP_SAVES; n++) await save(subject, 'Products');
  const rounds = Math.ceil(params.saves / SAVES_IN_A_ROUND);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(round + turn) % subjects.length];
      if (subject === undefined) continue;
      for (let n = 0; n < SAVES_IN_A_ROUND; n++) {
        saves[subject.name].push(await save(subject, 'Products'));
        if (params.gapMs > 0) await pause(gap(params.gapMs));
      }
      // What the last save of a case set going should not disturb the next case.
      await pause(SETTLE_MS);
    }
    for (const name of ['up', 'hanging'] as const) await saveOthers(subjects, name, params.gapMs);
  }
  await pause(1_000);
  return { saves, otherRuns: { up: otherRuns(subjects, 'up'), hanging: otherRuns(subjects, 'hanging') } };
}

/** Parts and products by turns. */
async function saveOthers(subjects: readonly Subject[], name: CaseName, gapMs: number): Promise<void> {
  const subject = subjects.find((one) => one.name === name);
  if (subject === undefined) return;
  for (let n = 0; n < SAVES_IN_A_ROUND; n++) {
    for (const module of ['Parts', 'Products'] as const) {
      await save(subject, module);
      await pause(gap(gapMs));
    }
  }
}

let count = 0;

async function save({ session }: Subject, module: 'Products' | 'Parts'): Promise<number> {
  const number = ++count;
  const element =
    module === 'Parts'
      ? { partname: `Part ${number}` }
      : { productname: `Product ${number}`, serial_no: `SN-${number}`, unit_price: '12.5' };
  const startedAt = performance.now();
  await session.create(module, element);
  return performance.now() - startedAt;
}

/** Between half and one and a half of the mean. */
function gap(meanMs: number): number {
  return meanMs * (0.5 + Math.random());
}

function otherRuns(subjects: readonly Subject[], name: CaseName): number[] {
  const folder = subjects.find((one) => one.name === name)?.install.folder;
  if (folder === undefined) return [];
  const journal = new JournalFile(folder);
  try {
    const sql = `SELECT ended_at - accepted_at AS ms FROM runs WHERE module = 'Parts' AND ended_at IS NOT NULL`;
    return journal.rows<{ ms: number }>(sql).map(({ ms }) => ms);
  } finally {
    journal.close();
  }
}

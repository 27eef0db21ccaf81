import { join } from 'node:path';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { prepareInstall } from '../../tools/stage/prepared-install.ts';
import { processUse } from '../measure/process-use.ts';
import { BenchProcess } from '../process/child-process.ts';
import { judgedDocuments, matchingDocuments } from './matching-documents.ts';
import { type Figures, figures } from './report.ts';

/** Saves through the library, compared pair by pair. */
export interface WorkflowSaves {
  /** Records that start three workflows, against records that start none. */
  readonly matching: Comparison;
  /** Many workflows on many modules, against those of the saved module alone. */
  readonly others: Comparison;
}

export interface Comparison {
  readonly base: SaverFigures;
  readonly loaded: SaverFigures;
}

export interface SaverFigures extends Figures {
  readonly title: string;
  readonly peakBytes: number;
}

/** One install, and how many runs a save of it must have accepted. */
interface SaverCase {
  readonly title: string;
  readonly documents: readonly SourceFile[];
  readonly runsOfSave: number;
}

const SAVES_IN_A_ROUND = 50;
const WARM_UP_SAVES = 200;

/** Measures both pairs; rejects when saves did not accept the runs they should. `otherModules` have 100 workflows each. */
export async function measureWorkflowSaves(params: {
  readonly folder: string;
  readonly saves: number;
  readonly otherModules: number;
  readonly progress: (line: string) => void;
}): Promise<WorkflowSaves> {
  const { folder, saves, otherModules, progress } = params;
  progress('saves: three workflows that match against none');
  const matching = await compare({ folder: join(folder, 'matching'), saves }, [
    { title: 'no workflow', documents: matchingDocuments(0), runsOfSave: 0 },
    { title: '3 workflows match', documents: matchingDocuments(3), runsOfSave: 3 },
  ]);
  progress(`saves: 100 workflows on 1 module against ${otherModules * 100} on ${otherModules}`);
  const others = await compare({ folder: join(folder, 'others'), saves }, [
    { title: '100 on 1 module', documents: judgedDocuments({ modules: 1, each: 100 }), runsOfSave: 0 },
    {
      title: `${otherModules * 100} on ${otherModules} modules`,
      documents: judgedDocuments({ modules: otherModules, each: 100 }),
      runsOfSave: 0,
    },
  ]);
  return { matching, others };
}

/** The two take turns. */
async function compare(
  { folder, saves }: { readonly folder: string; readonly saves: number },
  cases: readonly [SaverCase, SaverCase],
): Promise<Comparison> {
  const savers = [new BenchProcess('saver'), new BenchProcess('saver')] as const;
  const samples: [number[], number[]] = [[], []];
  try {
    for (const [index, { documents }] of cases.entries()) {
      const install = await prepareInstall({ folder: join(folder, String(index)), documents });
      await savers[index]?.ask('open', install);
      await savers[index]?.ask('round', { saves: WARM_UP_SAVES });
    }
    const rounds = Math.ceil(saves / SAVES_IN_A_ROUND);
    for (let round = 0; round < rounds * 2; round++) {
      // First the one goes before the other, then after it.
      const index = (round + (round >> 1)) % 2 === 0 ? 0 : 1;
      samples[index].push(...(await savers[index].ask('round', { saves: SAVES_IN_A_ROUND })));
    }
    for (const [index, { runsOfSave, title }] of cases.entries()) {
      const wanted = (WARM_UP_SAVES + rounds * SAVES_IN_A_ROUND) * runsOfSave;
      const accepted = await savers[index]?.ask('accepted', undefined);
      if (accepted !== wanted) throw new Error(`${title}: ${accepted} runs were accepted instead of ${wanted}`);
    }
    const of = (index: 0 | 1): SaverFigures => ({
      ...figures(samples[index], samples[0]),
      title: cases[index].title,
      peakBytes: processUse(savers[index].pid).peakBytes,
    });
    const result = { base: of(0), loaded: of(1) };
    for (const saver of savers) await saver.ask('close', undefined);
    return result;
  } finally {
    await Promise.all(savers.map((saver) => saver.end()));
  }
}

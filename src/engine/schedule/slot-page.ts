import type { RecordImage } from '../../core/record.ts';
import type { RecordStore } from '../../core/record-store.ts';
import type { AcceptedRun, RunId } from '../../core/run.ts';
import type { SlotWork } from '../../core/schedule.ts';
import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompiledSchedule } from '../../catalog/schedule/compiled-schedule.ts';
import type { Engine } from '../engine.ts';
import { once } from '../evaluation.ts';
import { acceptedRun, causeOf, type Happening, judgeTrigger, viewOnce } from '../happening.ts';
import { chosenRecords } from './chosen-records.ts';

/** Records looked at in one go, whose runs are accepted in one commit. */
const PAGE = 500;
/** What a condition may take for one record: nobody waits for it, as for a save. */
const CONDITION_BUDGET_MS = 1_000;
const KEPT_MS = 30 * 24 * 3_600_000;

/** What a page came to. */
export interface AcceptedPage {
  /** The record to go on behind; undefined when this was the last page. */
  readonly next: string | undefined;
  readonly looked: number;
  readonly accepted: number;
  /** The runs that this call accepted: none when the page had been accepted before. */
  readonly runs: readonly RunId[];
}

/** What a page is worked with. */
export interface PageParts {
  readonly engine: Engine;
  readonly records: Pick<RecordStore, 'commit'>;
}

/**
 * Chooses the next records of a slot and accepts their runs in one commit, under a key of the slot and the place where the
 * page begins. Whoever comes second, after a crash or from another node, accepts nothing and is told where the first one's
 * page ended. Rejects with what the rule that chooses rejects with, and with STORE_UNAVAILABLE.
 */
export async function acceptPage(
  { engine, records }: PageParts,
  params: { readonly schedule: CompiledSchedule; readonly catalog: Catalog; readonly work: SlotWork },
): Promise<AcceptedPage> {
  const { schedule, catalog, work } = params;
  const { module } = schedule.workflow;
  const { slot, after } = work;
  const page =
    module === undefined
      ? { images: [undefined], next: undefined }
      : await chosenRecords(engine, { schedule, module, catalog, slot, after, limit: PAGE });
  const runs = await startedRuns(engine, { ...params, images: page.images });
  const answer = { next: page.next ?? null, looked: page.images.length, accepted: runs.length };
  const at = engine.clock.now();
  const key = [schedule.name, work.by === undefined ? '' : 'by hand', slot, after ?? ''].join('\n');
  const dedup = { scope: 'schedule', key, bodyHash: 'slot', answer, expiresAt: at + KEPT_MS };
  const result = await records.commit({ at, records: [], runs, dedup });
  if (result.kind === 'conflict') throw new Error('a slot decides on no record');
  if (result.kind === 'duplicate') return { ...earlierPage(result.answer), runs: [] };
  return { ...answer, next: page.next, runs: result.runs };
}

function earlierPage(answer: Json): Omit<AcceptedPage, 'runs'> {
  const told = isJsonObject(answer) ? answer : {};
  const { next, looked, accepted } = told;
  return { next: typeof next === 'string' ? next : undefined, looked: Number(looked), accepted: Number(accepted) };
}

/** One run for each record that the trigger's conditions hold for. */
async function startedRuns(
  engine: Engine,
  given: {
    readonly schedule: CompiledSchedule;
    readonly catalog: Catalog;
    readonly work: SlotWork;
    readonly images: readonly (RecordImage | undefined)[];
  },
): Promise<AcceptedRun[]> {
  const { schedule, catalog, work, images } = given;
  const { trigger, workflow } = schedule;
  // Settings are read once for a page: every record's conditions may look at them.
  const all = once(() => engine.settings.all());
  const source = { settings: { all }, clock: engine.clock, timeZone: engine.timeZone, evaluator: () => engine };
  const runs: AcceptedRun[] = [];
  for (const image of images) {
    const happening: Happening = {
      event: 'schedule',
      module: workflow.module,
      recordId: image?.id,
      record: image?.values ?? {},
      previous: undefined,
      changed: [],
      schedule: { name: schedule.name, slot: work.slot },
      context: {},
      user: engine.serviceUser.id,
    };
    const verdict = await judgeTrigger(trigger, viewOnce(source, happening, catalog), CONDITION_BUDGET_MS);
    if (verdict !== false) {
      runs.push(acceptedRun({ catalog, trigger, happening, cause: causeOf(happening), verdict }));
    }
  }
  return runs;
}

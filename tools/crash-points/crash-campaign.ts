import { choosePlaces } from './chosen-places.ts';
import type { CrashDatabase } from './crash-database.ts';
import { type CrashLevel, CrashStage } from './crash-run.ts';
import type { CrashScenario } from './scenario.ts';

export interface CampaignParams {
  readonly database: CrashDatabase;
  readonly scenarios: readonly CrashScenario[];
  /** Of the places of one name in one scenario at most so many. */
  readonly most: number;
  readonly turn: number;
  /** Scenarios worked on at once. */
  readonly atOnce: number;
  readonly onLine: (line: string) => void;
}

/** What was done to one database, and what it came to. */
export interface CampaignFacts {
  /** Places passed by lives without a crash. */
  places: number;
  kills: number;
  /** Places that were not reached any more: a life does not always pass the same ones. */
  missed: number;
  readonly broken: string[];
}

const LONGEST_LINE = 1_000;

/** Kills a process at one place after another of each scenario, and judges what comes of it. */
export async function runCampaign(params: CampaignParams): Promise<CampaignFacts> {
  const facts: CampaignFacts = { places: 0, kills: 0, missed: 0, broken: [] };
  const left = [...params.scenarios];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await killThrough(params, next, facts);
  };
  await Promise.all(Array.from({ length: params.atOnce }, work));
  return facts;
}

async function killThrough(params: CampaignParams, scenario: CrashScenario, facts: CampaignFacts): Promise<void> {
  const { database, most, turn, onLine } = params;
  // Scenarios that are worked on at once have their own other side.
  const stage = await CrashStage.open(database);
  const tellBroken = (what: string): void => {
    facts.broken.push(what);
    onLine(`BROKEN  ${what.slice(0, LONGEST_LINE)}`);
  };
  try {
    const calm = await stage.calm(scenario);
    const levels: Readonly<Record<CrashLevel, readonly string[]>> = {
      store: calm.places,
      commit: await stage.commits(scenario),
    };
    for (const level of ['store', 'commit'] as const) {
      const chosen = choosePlaces(levels[level], most, turn);
      facts.places += levels[level].length;
      let broken = 0;
      for (const [index, { at, name }] of chosen.entries()) {
        const report = await stage.crashAt(scenario, calm, { level, at, standsBy: standsBy(database, index) });
        if (report.at === undefined) facts.missed += 1;
        else facts.kills += 1;
        broken += report.broken.length;
        for (const what of report.broken) tellBroken(`${scenario.name}, ${level} ${at}, ${report.at ?? name}: ${what}`);
      }
      const verdict = broken === 0 ? 'ok' : `${broken} BROKEN`;
      onLine(
        `${database.name}  ${scenario.name}: ${chosen.length} of ${levels[level].length} ${level} places  ${verdict}`,
      );
    }
  } catch (thrown) {
    tellBroken(`${scenario.name}: ${String(thrown)}`);
  } finally {
    await stage.close();
  }
}

/** On PostgreSQL every other time a second node is there already. */
function standsBy({ name }: CrashDatabase, index: number): boolean {
  return name === 'postgres' && index % 2 === 1;
}

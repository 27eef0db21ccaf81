import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { choosePlaces } from '../../tools/crash-points/chosen-places.ts';
import { coverageOf, wantedCoverage } from '../../tools/crash-points/crash-coverage.ts';
import { postgresInstalls, sqliteInstalls } from '../../tools/crash-points/crash-database.ts';
import { type CalmLife, CrashStage } from '../../tools/crash-points/crash-run.ts';
import { SCENARIOS } from '../../tools/crash-points/scenarios.ts';

/**
 * `npm run crash-points -- --all` dies at every place; here it is one place of each scenario, and a few on PostgreSQL. Which
 * ones goes on with the days, so that they all have their turn; CRASH_POINTS_TURN has the same ones again.
 */
const DAY_MS = 24 * 3_600_000;
const TURN = Number(process.env['CRASH_POINTS_TURN'] ?? Math.floor(Date.now() / DAY_MS));
const KILLS_ON_POSTGRES = 4;

/** One place after another, with those next to each other far apart in turn. */
function placeOfTurn(places: readonly string[], turn: number): number {
  return (turn * 7) % Math.max(1, places.length);
}

describe(`a process that dies right before or after a durable write (CRASH_POINTS_TURN=${TURN})`, () => {
  const calm = new Map<string, CalmLife>();
  let stage: CrashStage;
  before(async () => {
    stage = await CrashStage.open(sqliteInstalls());
    for (const scenario of SCENARIOS) calm.set(scenario.name, await stage.calm(scenario));
  });
  after(() => stage.close());

  const lifeOf = (name: string): CalmLife => calm.get(name) ?? assert.fail(`${name} was not lived`);

  it('is tried in everything that is written for good: tasks, calls, triggers, commands, and each part of the store', () => {
    const covered = coverageOf(SCENARIOS.map((scenario) => ({ scenario, calm: lifeOf(scenario.name) })));
    assert.deepEqual(
      wantedCoverage().filter((wanted) => !covered.has(wanted)),
      [],
    );
  });

  for (const scenario of SCENARIOS) {
    it(`loses nothing and does nothing twice: ${scenario.name}`, async () => {
      const life = lifeOf(scenario.name);
      const at = placeOfTurn(life.places, TURN);
      const { broken } = await stage.crashAt(scenario, life, { level: 'store', at });
      assert.deepEqual(broken, [], `place ${at}, ${life.places[at]}`);
    });
  }

  it('loses nothing and does nothing twice when it dies in the middle of a commit', async () => {
    const scenario = SCENARIOS[TURN % SCENARIOS.length] ?? assert.fail();
    const life = lifeOf(scenario.name);
    const { broken } = await stage.crashAt(scenario, life, { level: 'commit', at: placeOfTurn(life.places, TURN) });
    assert.deepEqual(broken, []);
  });
});

describe(`a node that dies (CRASH_POINTS_TURN=${TURN})`, () => {
  it('loses nothing and does nothing twice, whether another one was there or comes later', async (t) => {
    const database = await postgresInstalls();
    t.after(() => database.close());
    const stage = await CrashStage.open(database);
    t.after(() => stage.close());
    const scenario = SCENARIOS[TURN % SCENARIOS.length] ?? assert.fail();
    const life = await stage.calm(scenario);
    for (let kill = 0; kill < KILLS_ON_POSTGRES; kill++) {
      const level = kill < 2 ? 'store' : 'commit';
      const at = placeOfTurn(life.places, TURN * KILLS_ON_POSTGRES + kill);
      const { broken } = await stage.crashAt(scenario, life, { level, at, standsBy: kill % 2 === 1 });
      assert.deepEqual(broken, [], `${scenario.name}, ${level} ${at}`);
    }
  });
});

describe('places of which some are chosen', () => {
  const places = ['a', 'b', 'a', 'a', 'b', 'a', 'a', 'a'];

  it('are as many of each name as are asked for, spread, and others in the next turn', () => {
    const first = choosePlaces(places, 2).map(({ at }) => at);
    assert.deepEqual(first, [0, 1, 4, 5]);
    const second = choosePlaces(places, 2, 1).map(({ at }) => at);
    assert.deepEqual(second, [1, 2, 4, 6]);
  });

  it('are all of them when there are no more', () => {
    assert.equal(choosePlaces(places, Number.POSITIVE_INFINITY).length, places.length);
  });
});

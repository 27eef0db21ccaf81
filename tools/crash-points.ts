import { parseArgs } from 'node:util';
import { type CampaignFacts, runCampaign } from './crash-points/crash-campaign.ts';
import { postgresInstalls, sqliteInstalls } from './crash-points/crash-database.ts';
import { PROMISES } from './crash-points/crash-judge.ts';
import { SCENARIOS, requireScenario } from './crash-points/scenarios.ts';

// npm run crash-points -- [SCENARIO...] [--database sqlite|postgres|both] [--all | --most N] [--turn N] [--at-once N]
// Kills a process right before and right after its durable writes, one after another, and judges what comes of it.

/** Of the places of one name, when nothing else is said. */
const MOST = '2';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string', default: 'both' },
    all: { type: 'boolean', default: false },
    most: { type: 'string', default: MOST },
    turn: { type: 'string', default: '0' },
    'at-once': { type: 'string', default: '2' },
  },
});

function numberOf(name: 'most' | 'turn' | 'at-once', least: number): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < least) throw new Error(`--${name} takes a number from ${least} on`);
  return number;
}

function databases(): (typeof sqliteInstalls | typeof postgresInstalls)[] {
  const known = { sqlite: [sqliteInstalls], postgres: [postgresInstalls], both: [sqliteInstalls, postgresInstalls] };
  const chosen = Object.entries(known).find(([name]) => name === values.database)?.[1];
  if (chosen === undefined) throw new Error('--database takes sqlite, postgres or both');
  return chosen;
}

const params = {
  scenarios: positionals.length === 0 ? SCENARIOS : positionals.map(requireScenario),
  most: values.all ? Number.POSITIVE_INFINITY : numberOf('most', 1),
  turn: numberOf('turn', 0),
  atOnce: numberOf('at-once', 1),
  onLine: (line: string) => console.log(line),
};
const verdicts: CampaignFacts[] = [];
for (const open of databases()) {
  const database = await open();
  try {
    const facts = await runCampaign({ ...params, database });
    verdicts.push(facts);
    const figures = `${params.scenarios.length} scenarios, ${facts.places} places, ${facts.kills} kills, ${facts.missed} not reached`;
    console.log(
      `${database.name}: ${figures}, ${Object.keys(PROMISES).length} promises, ${facts.broken.length} broken`,
    );
  } finally {
    await database.close();
  }
}
const isKept = verdicts.every(({ broken }) => broken.length === 0);
console.log(isKept ? 'every promise was kept' : 'WRONG: promises were broken');
process.exitCode = isKept ? 0 : 1;

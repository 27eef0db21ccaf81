import type { Row } from './crash-database.ts';
import { type CrashEvidence, type Tables, rowsOf } from './crash-evidence.ts';
import { type CrashImage, imageOf, surplus } from './crash-image.ts';
import type { PeerCall } from './crash-peer.ts';
import type { CrashScenario } from './scenario.ts';

/** How it comes out when nobody dies. */
export interface Reference {
  readonly image: CrashImage;
  readonly calls: readonly PeerCall[];
}

/** What a verdict is found from. */
export interface CrashCase {
  readonly scenario: Pick<CrashScenario, 'acts' | 'free' | 'retried' | 'differs' | 'isAtOnce' | 'judge'>;
  readonly evidence: CrashEvidence;
  readonly reference: Reference;
}

/** Each promise, with what breaks it. */
export const PROMISES = {
  'nothing accepted is lost': ({ scenario, evidence, reference }) => [
    ...scenario.acts
      .filter(({ name }) => !evidence.answered.includes(name))
      .map(({ name }) => `${name} was never answered`),
    ...surplus(reference.image, imageOf(evidence.atEnd, scenario.differs ?? [])),
  ],
  'nothing is done twice': ({ scenario, evidence, reference }) =>
    surplus(imageOf(evidence.atEnd, scenario.differs ?? []), reference.image),
  'no committed step is repeated or changed': ({ evidence }) => changedSteps(evidence),
  'a task writes each record once, and no write is left out': ({ evidence }) => [
    ...writtenTwice(evidence.atEnd),
    ...missingVersions(evidence.atEnd),
  ],
  'the runs of a lane go one after another': ({ evidence }) => overtaking(evidence.atEnd),
  'a call is sent again only when nobody knows what it did': judgeCalls,
  'each step has a key of its own': ({ evidence }) => sharedKeys(evidence.atEnd),
  'the database is whole': ({ evidence }) => evidence.damage,
  'no process fails': ({ evidence }) => evidence.faults,
  'what the scenario itself promises': ({ scenario, evidence }) => scenario.judge?.(evidence) ?? [],
} satisfies Readonly<Record<string, (given: CrashCase) => readonly string[]>>;

/** What is wrong with how it came out, with the promise that it breaks; nothing when every promise was kept. */
export function judgeCrash(given: CrashCase): readonly string[] {
  return Object.entries(PROMISES).flatMap(([promise, broken]) => broken(given).map((what) => `${promise}: ${what}`));
}

const SETTLED_STEP = ['task', 'status', 'purpose', 'round', 'attempt', 'ended_at', 'effects', 'request', 'answer'];

function settledSteps(tables: Tables): ReadonlyMap<string, string> {
  const ended = rowsOf(tables, 'steps').filter(({ status }) => status === 'done' || status === 'skipped');
  const told = (row: Row): string => JSON.stringify(SETTLED_STEP.map((column) => row[column]));
  return new Map(ended.map((row) => [`${String(row['run'])} ${String(row['number'])}`, told(row)]));
}

function changedSteps({ atCrash, atEnd }: CrashEvidence): readonly string[] {
  const now = settledSteps(atEnd);
  const changed = [...settledSteps(atCrash)].filter(([step, was]) => now.get(step) !== was);
  const tasks = rowsOf(atEnd, 'steps')
    .filter(({ purpose, status }) => purpose === 'main' && status === 'done')
    .map(({ run, task }) => `${String(run)} ${String(task)}`);
  return [
    ...changed.map(([step]) => `step ${step} was done again`),
    ...repeated(tasks).map((task) => `done twice: ${task}`),
  ];
}

function writtenTwice(tables: Tables): readonly string[] {
  const writes = rowsOf(tables, 'record_history').filter(({ run }) => run !== null);
  return repeated(writes.map(({ run, task, record_id: id }) => `run ${String(run)} ${String(task)} ${String(id)}`));
}

/** The changes of a record are numbered from 1 on. */
function missingVersions(tables: Tables): readonly string[] {
  const ofRecord = Map.groupBy(rowsOf(tables, 'record_history'), ({ record_id: id }) => String(id));
  return [...ofRecord].flatMap(([id, changes]) => {
    const versions = changes.map(({ version }) => Number(version)).toSorted((one, other) => one - other);
    return versions.every((version, index) => version === index + 1) ? [] : [`${id} has changes ${versions.join(' ')}`];
  });
}

function overtaking(tables: Tables): readonly string[] {
  const lanes = Map.groupBy(
    rowsOf(tables, 'runs').filter(({ lane, pass_when_waiting: passes }) => lane !== null && Number(passes) === 0),
    ({ lane }) => String(lane),
  );
  return [...lanes].flatMap(([lane, runs]) => {
    const ordered = runs.toSorted((one, other) => Number(one['id']) - Number(other['id']));
    return ordered.flatMap((run, index) => {
      const before = ordered[index - 1];
      if (before === undefined || run['started_at'] === null) return [];
      const hasWaited = before['ended_at'] !== null && Number(before['ended_at']) <= Number(run['started_at']);
      return hasWaited
        ? []
        : [`run ${String(run['id'])} of ${lane} began before run ${String(before['id'])} had ended`];
    });
  });
}

/** As many calls as can be under way when the process dies. */
const AT_ONCE = 8;

function judgeCalls({ scenario, evidence, reference }: CrashCase): readonly string[] {
  const { before, after, hasCrashed, atCrash } = evidence;
  const { free = [], retried = [], isAtOnce = false } = scenario;
  const counted = (calls: readonly PeerCall[], aside: readonly string[]): readonly string[] =>
    calls.filter(({ path }) => !aside.includes(path)).map(({ path, key }) => JSON.stringify([path, key]));
  const [once, onceAfter] = [before, after].map((calls) => counted(calls, [...free, ...retried]));
  const again = [...new Set(once)].filter((call) => onceAfter?.includes(call));
  const mayRepeat = !hasCrashed ? 0 : isAtOnce ? AT_ONCE : 1;
  const paths = (calls: readonly PeerCall[]): string =>
    [...new Set(counted(calls, free))]
      .map((call) => String(JSON.parse(call)[0]))
      .toSorted()
      .join(' ');
  const [made, expected] = [paths([...before, ...after]), paths(reference.calls)];
  const settled = rowsOf(atCrash, 'steps').filter(({ status }) => status === 'done');
  const requests = settled.map(({ request }) => JSON.stringify(request)).join('\n');
  return [
    ...(again.length > mayRepeat ? [`sent again: ${again.join(', ')}`] : []),
    ...[once, onceAfter].flatMap((calls) => repeated(calls ?? []).map((call) => `sent twice by one process: ${call}`)),
    ...after
      .filter(({ key }) => key !== '' && requests.includes(key))
      .map(({ path }) => `${path} was settled, and sent again`),
    ...(made === expected ? [] : [`called were ${made} instead of ${expected}`]),
  ];
}

/** A side that honours keys would answer a step with what it answered another one. */
function sharedKeys(tables: Tables): readonly string[] {
  const keys = rowsOf(tables, 'steps').flatMap(({ request }) => /mw-[\w.-]+/u.exec(JSON.stringify(request))?.[0] ?? []);
  return repeated(keys).map((key) => `several steps have the key ${key}`);
}

function repeated(all: readonly string[]): readonly string[] {
  return [...new Set(all.filter((one, index) => all.indexOf(one) !== index))];
}

import type { KeyRotation, MissingSecret, SecretEntry, SecretUse } from '../../runtime/administration.ts';
import { renderMoment } from '../duration.ts';
import { renderTable } from '../table.ts';

/** Secrets by name, what uses them, and below those that are still to be set. */
export function renderSecrets(secrets: readonly SecretEntry[], missing: readonly MissingSecret[]): string[] {
  const rows = [
    ...secrets.map(({ name, setAt, setBy, usedBy }) => [name, renderMoment(setAt), setBy, users(usedBy)]),
    ...missing.map(({ name, usedBy }) => [name, 'missing', '', users(usedBy)]),
  ];
  if (rows.length === 0) return ['no secrets'];
  const columns = [{ title: 'name' }, { title: 'set' }, { title: 'by' }, { title: 'used by', gives: true }];
  const [first] = missing;
  const advice =
    first === undefined ? [] : ['', `Calls that need a missing one fail: mapwright secret set ${first.name}`];
  return [...renderTable(columns, rows), ...advice];
}

/** One secret, with every place that names it. */
export function renderSecret({ name, usedBy, ...set }: SecretEntry | MissingSecret): string[] {
  const since = 'setAt' in set ? `set ${renderMoment(set.setAt)} by ${set.setBy}` : 'missing: it has no value';
  const places = usedBy.map((use) => `  used by ${place(use)}`);
  return [`secret ${name}   ${since}`, ...(places.length === 0 ? ['  nothing uses it'] : places)];
}

function users(usedBy: readonly SecretUse[]): string {
  return usedBy.map(({ kind, name }) => `${kind} ${name}`).join(', ');
}

function place({ kind, name, file, line }: SecretUse): string {
  return file === undefined ? `${kind}: ${name}` : `${kind} ${name}   ${file}:${line ?? 1}`;
}

/** How far a change of the key is, in one line. */
export function renderRotationProgress({ stage, place: where, values, resealed }: KeyRotation): string {
  if (stage === 'preparing') return 'waiting for all nodes to have the key';
  const looked = `${total(values)} values looked at`;
  if (stage === 'checking') return `checking that nothing is left: ${looked}`;
  return `${resealed} sealed anew, ${looked}, now ${where ?? ''}`;
}

/** What a change of the key came to. */
export function renderRotation(state: KeyRotation): string[] {
  const { dryRun, to, resealed, values } = state;
  if (dryRun) {
    return [
      `${resealed} of ${total(values)} values would be sealed anew under ${to === undefined ? 'a new key' : `key ${to}`}`,
      ...renderPlaces(values),
      ...renderUnknown(state),
    ];
  }
  return [
    `everything is sealed under key ${to ?? ''}: ${resealed} values anew, 0 left under another key`,
    ...renderPlaces(values),
    ...renderUnknown(state),
    ...renderOldKeys(state),
  ];
}

function renderPlaces(values: Readonly<Record<string, number>>): string[] {
  const some = Object.entries(values).filter(([, count]) => count > 0);
  return renderTable(
    [{ title: '' }, { title: '', align: 'right' as const }],
    some.map(([name, count]) => [`  ${name}`, String(count)]),
  );
}

function renderUnknown({ unknown }: KeyRotation): string[] {
  return Object.entries(unknown).map(
    ([id, count]) => `  ${count} under key ${id}, which was not given: nobody can read them`,
  );
}

function renderOldKeys({ oldKeys = [], stillGiven = [], resealed }: KeyRotation): string[] {
  const kept = oldKeys.flatMap((file) => [`  the old key is now in ${file}`]);
  const given = stillGiven.map(
    (id) => `  key ${id} is given too, and nothing is sealed under it: take it away on every node`,
  );
  const isIdle = resealed === 0 && stillGiven.length > 0;
  return [
    ...kept,
    ...given,
    ...(isIdle ? ['  (to go over to that key instead, give it as the first)'] : []),
    '  backups made until now can be read with the old key only: keep it with them, in another place than the install',
  ];
}

function total(values: Readonly<Record<string, number>>): number {
  return Object.values(values).reduce((sum, count) => sum + count, 0);
}

import type { JsonObject } from '../../../core/json.ts';
import { recordNumber } from '../../../core/record.ts';
import { memberOf } from '../../output-path.ts';
import { showValue } from '../display/value-display.ts';
import { type LegacyViewer, viewerOf } from '../display/viewer.ts';
import type { LegacyEnvironment } from '../environment.ts';
import { type ReferencePath, readReferred, type ReferredRecord, referredValue } from '../referred-record.ts';
import type { LegacyPreferences } from '../services.ts';
import { toLegacyText } from '../value.ts';

/** Who templates are written for when nobody is assigned: whoever they run as. */
export async function viewerOfRecord(environment: LegacyEnvironment, record: JsonObject): Promise<LegacyViewer> {
  const owner = toLegacyText(memberOf(record, 'assigned_user_id') ?? '');
  const preferences = owner === '' ? undefined : await preferencesOf(environment, owner);
  return viewerOf(preferences ?? environment.user.preferences, environment.services);
}

/** The preferences of a user, or of a group's first member. */
async function preferencesOf({ services }: LegacyEnvironment, owner: string): Promise<LegacyPreferences | undefined> {
  const user = await services.people.user(owner);
  if (user !== undefined) return user.preferences;
  const [first] = await services.people.membersOf(owner);
  return first === undefined ? undefined : (await services.people.user(first))?.preferences;
}

/**
 * What a template writes for a field behind a reference: formatted for whom the referred record is assigned to, references
 * as record numbers; for a group the values of its members with commas between. Undefined when the reference is empty, leads to another
 * module, or there is no such field.
 */
export async function showReferred(
  environment: LegacyEnvironment,
  path: ReferencePath,
  numbers: 'shown' | 'stored' = 'shown',
): Promise<string | undefined> {
  const records = await readReferred(environment, path);
  const values = await Promise.all(records.map((record) => showFieldOf(environment, record, path.field, numbers)));
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.join(',');
}

async function showFieldOf(
  environment: LegacyEnvironment,
  record: ReferredRecord,
  field: string,
  numbers: 'shown' | 'stored',
): Promise<string | undefined> {
  const value = referredValue(record, field);
  if (value === undefined) return undefined;
  const stored = toLegacyText(value);
  const type = record.fieldType(field);
  if (type === 'reference') return stored === '' ? '' : String(recordNumber(stored) ?? stored);
  const isNumber = type === 'currency' || type === 'number' || type === 'integer';
  if (isNumber && numbers === 'stored') return stored;
  const owned = 'assigned_user_id' in record.fields ? record.fields : environment.record;
  return showValue(stored, type, await viewerOfRecord(environment, owned));
}

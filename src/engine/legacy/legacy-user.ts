import { userValues } from '../../core/identity-module.ts';
import { personName, type User } from '../../core/identity-store.ts';
import type { LegacyPreferences, LegacyUser } from '../../expression/legacy/services.ts';

/** How everybody sees dates and numbers who has said nothing else; times in the install's zone. */
const PREFERENCES: Omit<LegacyPreferences, 'timeZone'> = {
  dateFormat: 'yyyy-mm-dd',
  hourFormat: '24',
  decimalSeparator: '.',
  groupingSeparator: ',',
  decimals: 2,
  language: 'en_us',
};

/** A user as the language sees it. */
export function legacyUser(user: User, timeZone: string): LegacyUser {
  const preferences = { ...PREFERENCES, timeZone, ...user.preferences };
  const { id, name, admin } = user;
  return { id, name, fullName: personName(user), isAdmin: admin, preferences, fields: fieldsOf(user, preferences) };
}

/** A user of whom nothing but the name is known: where there is no install. */
export function unknownUser(
  { id, name }: { readonly id: string; readonly name: string },
  timeZone: string,
): LegacyUser {
  const nothing = { firstName: '', lastName: '', email: '', admin: true, active: true, createdAt: 0 };
  return legacyUser({ id, name, ...nothing }, timeZone);
}

/** The fields of the original's users, as far as there are such. */
function fieldsOf(user: User, preferences: LegacyPreferences): Readonly<Record<string, string>> {
  const own = Object.entries(userValues(user)).map(([name, value]) => [name, String(value ?? '')]);
  return {
    ...Object.fromEntries(own),
    id: user.id,
    date_format: preferences.dateFormat,
    hour_format: preferences.hourFormat,
    time_zone: preferences.timeZone,
    currency_decimal_separator: preferences.decimalSeparator,
    currency_grouping_separator: preferences.groupingSeparator,
    no_of_currency_decimals: String(preferences.decimals),
    language: preferences.language,
  };
}

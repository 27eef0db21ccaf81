import type { Command } from 'commander';
import type { UserDetails } from '../../runtime/administration.ts';

/** What the options say of how a user sees dates and numbers. */
export interface PreferenceOptions {
  readonly dateFormat?: string;
  readonly hourFormat?: string;
  readonly timeZone?: string;
  readonly decimalSeparator?: string;
  readonly groupingSeparator?: string;
  readonly decimals?: string;
  readonly language?: string;
}

type Preferences = NonNullable<UserDetails['preferences']>;

/** Options about how the user sees dates and numbers in what templates and expressions write. */
export function withPreferences(command: Command): Command {
  return command
    .option('--date-format <format>', 'yyyy-mm-dd, dd-mm-yyyy or mm-dd-yyyy')
    .option('--hour-format <hours>', '24 or 12')
    .option('--time-zone <name>', 'such as Europe/Madrid')
    .option('--decimal-separator <character>', 'in numbers, such as ","')
    .option('--grouping-separator <character>', 'between thousands; an empty one for none')
    .option('--decimals <count>', 'digits of an amount after the separator')
    .option('--language <code>', 'such as en_us');
}

/** Those that were given, unchecked; nothing when none was. */
export function preferencesOf(options: PreferenceOptions): Pick<UserDetails, 'preferences'> {
  const { dateFormat, hourFormat, timeZone, decimalSeparator, groupingSeparator, decimals, language } = options;
  const texts = { dateFormat, hourFormat, timeZone, decimalSeparator, groupingSeparator, language };
  const given: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(texts)) if (value !== undefined) given[name] = value;
  if (decimals !== undefined) given['decimals'] = decimals.trim() === '' ? Number.NaN : Number(decimals);
  return Object.keys(given).length === 0 ? {} : { preferences: given as Preferences };
}

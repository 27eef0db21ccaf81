import { MapwrightError } from '../core/error.ts';
import type { UserPreferences } from '../core/identity-store.ts';

type Checks = Readonly<
  Record<keyof UserPreferences, { readonly fits: (value: unknown) => boolean; readonly hint: string }>
>;

const oneOf = (...values: readonly string[]) => ({
  fits: (value: unknown) => typeof value === 'string' && values.includes(value),
  hint: `one of ${values.join(', ')}`,
});

const CHECKS: Checks = {
  dateFormat: oneOf('yyyy-mm-dd', 'dd-mm-yyyy', 'mm-dd-yyyy'),
  hourFormat: oneOf('24', '12'),
  timeZone: { fits: isTimeZone, hint: 'an IANA name such as Europe/Madrid' },
  decimalSeparator: { fits: (value) => isSeparator(value) && value !== '', hint: 'one character, such as ","' },
  groupingSeparator: { fits: isSeparator, hint: 'one character, such as ".", or an empty text for none' },
  decimals: {
    fits: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 6,
    hint: 'a whole number from 0 to 6',
  },
  language: {
    fits: (value) => typeof value === 'string' && /^[a-z]{2}(?:_[a-z]{2})?$/u.test(value),
    hint: 'such as en_us',
  },
};

/** Throws USER_PREFERENCE_INVALID naming the first preference that says nothing sensible. */
export function checkPreferences(preferences: UserPreferences): void {
  for (const [name, value] of Object.entries(preferences)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof UserPreferences] : undefined;
    if (check?.fits(value) === true) continue;
    throw new MapwrightError('USER_PREFERENCE_INVALID', `${name} cannot be "${String(value).slice(0, 40)}"`, {
      hint: check?.hint ?? `there are ${Object.keys(CHECKS).join(', ')}`,
    });
  }
}

function isSeparator(value: unknown): boolean {
  return typeof value === 'string' && /^[^\d\p{Cc}]?$/u.test(value);
}

function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

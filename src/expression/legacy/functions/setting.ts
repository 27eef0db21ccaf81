import { MapwrightError } from '../../../core/error.ts';
import { memberOf } from '../../output-path.ts';
import { isTruthy, type LegacyValue } from '../value.ts';
import { textOf } from './argument.ts';
import type { FunctionFamily, FunctionScope } from './function.ts';

/** Functions of settings, and of what the original keeps in tables of its own: global variables, taxes, currencies. */
export const SETTING_FUNCTIONS: FunctionFamily = {
  getSetting: async ([name = '', otherwise = ''], scope) =>
    isTruthy(name) ? ((await read(textOf(name), scope)) ?? (isTruthy(otherwise) ? otherwise : '')) : '',
  setSetting: async ([name = '', value], { environment, guard }) => {
    if (!isTruthy(name) || value === undefined || value === null) return '';
    const text = textOf(value);
    checkLength(text);
    await guard.waitFor(environment.services.settings.set(checkedName(name), text));
    return value;
  },
  delSetting: async ([name = ''], { environment, guard }) => {
    if (isTruthy(name)) await guard.waitFor(environment.services.settings.delete(textOf(name)));
    return '';
  },
  globalvariable: async ([name = ''], scope) => (isTruthy(name) ? ((await read(textOf(name), scope)) ?? null) : null),
  getCurrentConfiguredTaxValues: ([label], scope) => rate('tax', label, scope),
  getCurrencyConversionValue: ([code], scope) => rate('currency', code, scope),
  AutoNumberDec: ([id], scope) => countDown(textOf(id), scope),
  getCRUDMode: (_, { environment }) => environment.services.install.saveMode,
  getRequest: ([name], { environment }) => memberOf(environment.services.install.request, textOf(name)) ?? '',
  Importing: (_, { environment }) => environment.services.install.importing,
};

/** All settings are read at every step: what is long belongs elsewhere. */
const LONGEST_VALUE = 64 * 1024;
const LONGEST_NAME = 200;

function read(name: string, { environment, guard }: FunctionScope): Promise<string | undefined> {
  return guard.waitFor(environment.services.settings.get(name));
}

function checkLength(text: string): void {
  if (text.length <= LONGEST_VALUE) return;
  throw new MapwrightError('EXPRESSION_TOO_LARGE', `a setting holds at most ${LONGEST_VALUE} characters`, {
    hint: 'keep what is long in a field of a record',
  });
}

function checkedName(name: LegacyValue): string {
  const text = textOf(name);
  if (text.length <= LONGEST_NAME && !/\p{Cc}/u.test(text)) return text;
  throw new MapwrightError('EXPRESSION_FAILED', `"${text.slice(0, 40)}" cannot be the name of a setting`, {
    hint: `at most ${LONGEST_NAME} characters, in one line`,
  });
}

/** The setting `tax_LABEL` or `currency_CODE`. */
async function rate(kind: 'tax' | 'currency', name: LegacyValue | undefined, scope: FunctionScope): Promise<string> {
  if (!isTruthy(name ?? '')) return '0.00';
  return (await read(`${kind}_${textOf(name)}`, scope)) ?? '0.00';
}

/** Takes one from the number at the end of the setting `autonumber_ID`, keeping its zeros: `INV-0042` -> `INV-0041`. */
async function countDown(id: string, scope: FunctionScope): Promise<string> {
  const name = `autonumber_${id}`;
  // Two runs at once never get the same number.
  const next = await scope.guard.waitFor(scope.environment.services.settings.change(name, oneLess));
  if (next !== undefined) return next;
  throw new MapwrightError(
    'EXPRESSION_FAILED',
    `AutoNumberDec has no number to count down: there is no setting ${name}`,
    {
      hint: `mapwright setting set ${name} INV-0042`,
    },
  );
}

/** Undefined for a text that does not end in a number. */
function oneLess(current = ''): string | undefined {
  const digits = /(?<!\d)\d+$/u.exec(current)?.[0];
  if (digits === undefined) return undefined;
  const prefix = current.slice(0, -digits.length);
  const before = BigInt(digits) > 0n ? BigInt(digits) - 1n : 0n;
  return prefix + String(before).padStart(digits.length, '0');
}

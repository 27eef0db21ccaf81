import { MapwrightError } from '../../../core/error.ts';
import { isJsonObject, type Json } from '../../../core/json.ts';
import { textOf } from './argument.ts';
import type { FunctionFamily, FunctionScope } from './function.ts';

/** The REST service of the European Commission. */
const VIES_URL = 'https://ec.europa.eu/taxation_customs/vies/rest-api';

/** Functions that ask whether a tax number is valid. */
export const VAT_FUNCTIONS: FunctionFamily = {
  EUVATValidation: ([number], scope) => isValid(textOf(number), scope),
};

/** What cannot be a number of a member state is not asked for. */
async function isValid(number: string, { environment, guard }: FunctionScope): Promise<boolean> {
  const [, country = '', rest = ''] =
    /^([A-Z]{2})([A-Z0-9+*]{2,12})$/u.exec(number.toUpperCase().replace(/[\s.-]/gu, '')) ?? [];
  if (country === '') return false;
  const { settings, network } = environment.services;
  const base = ((await guard.waitFor(settings.get('vies_url'))) ?? VIES_URL).replace(/\/$/u, '');
  // Greece has a prefix of its own there.
  const state = country === 'GR' ? 'EL' : country;
  const answer = parse(await guard.waitFor(network.getText(`${base}/ms/${state}/vat/${encodeURIComponent(rest)}`)));
  const { isValid: valid, valid: otherwise, userError } = isJsonObject(answer) ? answer : {};
  const verdict = valid ?? otherwise;
  if (
    typeof verdict === 'boolean' &&
    (verdict || [undefined, 'VALID', 'INVALID', 'INVALID_INPUT'].includes(told(userError)))
  ) {
    return verdict;
  }
  throw new MapwrightError('EXPRESSION_FAILED', `the VIES service could not say whether ${country}${rest} is valid`, {
    hint: 'try later: the service of that member state may be down',
  });
}

function told(error: Json | undefined): string | undefined {
  return typeof error === 'string' ? error : undefined;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

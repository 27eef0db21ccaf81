import { textOf } from './argument.ts';
import type { FunctionScope } from './function.ts';

/** Which address of which kind of record. */
export type AddressKind = 'AccountBilling' | 'AccountShipping' | 'ContactBilling' | 'ContactShipping';

/** An address in its parts, each of which may be empty. */
export interface PostalAddress {
  readonly street: string;
  readonly state: string;
  readonly city: string;
  readonly code: string;
  readonly country: string;
}

type AddressPart = keyof PostalAddress;

/** What the original calls the fields. */
const FIELDS: Readonly<Record<AddressKind, Readonly<Record<AddressPart, string>>>> = {
  AccountBilling: prefixed('bill_', 'code'),
  AccountShipping: prefixed('ship_', 'code'),
  ContactBilling: prefixed('mailing', 'zip'),
  ContactShipping: prefixed('other', 'zip'),
};

function prefixed(prefix: string, code: string): Readonly<Record<AddressPart, string>> {
  return {
    street: `${prefix}street`,
    state: `${prefix}state`,
    city: `${prefix}city`,
    code: `${prefix}${code}`,
    country: `${prefix}country`,
  };
}

/** The address of a record as one text, or of it the country and one more part; undefined when there is no such record. */
export async function readAddress(
  params: { readonly kind: AddressKind; readonly id: string; readonly part: string },
  scope: FunctionScope,
): Promise<string | undefined> {
  const { kind, id, part } = params;
  const row = await scope.guard.waitFor(scope.environment.services.records.read(id));
  if (row === undefined) return undefined;
  const isPart = ['country', 'state', 'city', 'code'].includes(part);
  const read = (name: AddressPart) =>
    isPart && name !== part && name !== 'country' ? '' : textOf(row.fields[FIELDS[kind][name]]);
  const [street, state, city, code] = [read('street'), read('state'), read('city'), read('code')];
  return addressText({ street, state, city, code, country: read('country') }, scope);
}

/** In the order in which geocoders are asked; without the country where a setting names that of all addresses. */
export async function addressText(address: PostalAddress, { environment, guard }: FunctionScope): Promise<string> {
  const common = await guard.waitFor(environment.services.settings.get('Workflow_GeoDistance_Country_Default'));
  const { street, state, city, code, country } = address;
  const parts = [street, state, city, code, ...((common ?? '') === '' ? [country] : [])];
  return parts.filter((part) => part !== '').join(', ');
}

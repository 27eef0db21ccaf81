import { MapwrightError } from '../../../core/error.ts';
import { memberOf } from '../../output-path.ts';
import { isNumeric, isTruthy, type LegacyValue, toLegacyText } from '../value.ts';
import { textOf } from './argument.ts';
import type { FunctionFamily, FunctionScope } from './function.ts';
import { distanceText, locate, type Place } from './geocoding.ts';
import { addressText, readAddress, type AddressKind } from './postal-address.ts';

/** Functions of places and distances. Addresses are found by the geocoder that a setting names. */
export const GEOGRAPHY_FUNCTIONS: FunctionFamily = {
  getLatitude: async ([address], scope) => (await locate(textOf(address), scope)).latitude,
  getLongitude: async ([address], scope) => (await locate(textOf(address), scope)).longitude,
  getLongitudeLatitude: async ([address], scope) => {
    const { longitude, latitude } = await locate(textOf(address), scope);
    return `${longitude},${latitude}`;
  },
  getGEODistance: ([from, to], scope) => between(textOf(from), textOf(to), scope),
  getGEODistanceFromCoordinates: (values, scope) => distanceText(coordinates(values), scope),
  getGEODistanceFromCompanyAddress: async ([to], scope) => between(await companyAddress(scope), textOf(to), scope),
  getGEODistanceFromUserAddress: async ([to], scope) =>
    between(await userAddress(scope.environment.user.id, scope), textOf(to), scope),
  ...fromUsers('AccountBilling'),
  ...fromUsers('AccountShipping'),
  ...fromUsers('ContactBilling'),
  ...fromUsers('ContactShipping'),
};

/** From the current user, and from the user given: `(id[, part])` and `(id, userid[, part])`. */
function fromUsers(kind: AddressKind): FunctionFamily {
  return {
    [`getGEODistanceFromUser2${kind}`]: ([id, part], scope) =>
      toRecord({ kind, id, part, userId: scope.environment.user.id }, scope),
    [`getGEODistanceFromAssignUser2${kind}`]: ([id, user, part], scope) =>
      toRecord({ kind, id, part, userId: textOf(user) }, scope),
  };
}

/** '0' where there is no such record. */
async function toRecord(
  params: {
    readonly kind: AddressKind;
    readonly id: LegacyValue | undefined;
    readonly part: LegacyValue | undefined;
    readonly userId: string;
  },
  scope: FunctionScope,
): Promise<string> {
  const { kind, id, part, userId } = params;
  if (!isTruthy(id ?? '')) return '0';
  const to = await readAddress({ kind, id: textOf(id), part: textOf(part) }, scope);
  return to === undefined ? '0' : between(await userAddress(userId, scope), to, scope);
}

async function between(from: string, to: string, scope: FunctionScope): Promise<string> {
  return distanceText([await locate(from, scope), await locate(to, scope)], scope);
}

/** Two pairs `lat,lon`, or four numbers. */
function coordinates(values: readonly LegacyValue[]): readonly [Place, Place] {
  const numbers = values.flatMap((value) =>
    toLegacyText(value)
      .split(',')
      .map((part) => part.trim()),
  );
  if (numbers.length !== 4 || !numbers.every(isNumeric)) {
    throw new MapwrightError('EXPRESSION_FAILED', 'getGEODistanceFromCoordinates needs two places', {
      hint: "write getGEODistanceFromCoordinates(40.41, -3.70, 41.38, 2.17) or ('40.41,-3.70', '41.38,2.17')",
    });
  }
  const [latitude = '', longitude = '', otherLatitude = '', otherLongitude = ''] = numbers;
  return [
    { latitude, longitude },
    { latitude: otherLatitude, longitude: otherLongitude },
  ];
}

async function companyAddress(scope: FunctionScope): Promise<string> {
  const setting = async (part: string) =>
    (await scope.guard.waitFor(scope.environment.services.settings.get(`company_${part}`))) ?? '';
  const [street, state, city, code, country] = [
    await setting('address'),
    await setting('state'),
    await setting('city'),
    await setting('postalcode'),
    await setting('country'),
  ];
  const address = await addressText({ street, state, city, code, country }, scope);
  if (address !== '') return address;
  throw new MapwrightError('EXPRESSION_FAILED', 'the address of the company is not known', {
    hint: 'mapwright setting set company_address "Calle Mayor 1", and company_city, company_postalcode, company_country',
  });
}

async function userAddress(id: string, scope: FunctionScope): Promise<string> {
  const user = await scope.guard.waitFor(scope.environment.services.people.user(id));
  const part = (name: string) => toLegacyText((user && memberOf(user.fields, `address_${name}`)) ?? '');
  const [street, state, city, code] = [part('street'), part('state'), part('city'), part('postalcode')];
  const address = await addressText({ street, state, city, code, country: part('country') }, scope);
  if (address !== '') return address;
  throw new MapwrightError('EXPRESSION_FAILED', `the address of the user ${user?.name ?? id} is not known`, {
    hint: 'users have no address here: use getGEODistance with the address in a field or setting',
  });
}

import { MapwrightError } from '../../../core/error.ts';
import { isJsonObject, type Json } from '../../../core/json.ts';
import { isNumeric, toLegacyText } from '../value.ts';
import type { FunctionScope } from './function.ts';

/** A place in degrees, as the geocoder writes them. */
export interface Place {
  readonly latitude: string;
  readonly longitude: string;
}

const EARTH_RADIUS_KM = 6371.0088;

/** Where an address is. Rejects with EXPRESSION_FAILED without a geocoder or when it knows no such place. */
export async function locate(address: string, scope: FunctionScope): Promise<Place> {
  const base = await required('geocoder_url', scope);
  const url = new URL(base);
  url.searchParams.set('format', 'json');
  url.searchParams.set('limit', '1');
  url.searchParams.set('q', address);
  const country = await setting('Workflow_GeoDistance_Country_Default', scope);
  const email = await setting('Workflow_GeoDistance_Email', scope);
  if (country !== '') url.searchParams.set('countrycodes', country);
  if (email !== '') url.searchParams.set('email', email);
  const answer = await ask(url, scope);
  const found = Array.isArray(answer) ? answer[0] : undefined;
  const { lat = '', lon = '' } = isJsonObject(found) ? found : {};
  if (isNumeric(lat) && isNumeric(lon)) return { latitude: toLegacyText(lat), longitude: toLegacyText(lon) };
  throw new MapwrightError('EXPRESSION_FAILED', `the geocoder knows no place "${address.slice(0, 100)}"`, {
    hint: 'write the address with its city and country, or guard against an empty one',
  });
}

/** `12.3 km`: by road where the setting `router_url` names a router, else as the crow flies. */
export async function distanceText([from, to]: readonly [Place, Place], scope: FunctionScope): Promise<string> {
  const router = await setting('router_url', scope);
  const metres = router === '' ? 1000 * airDistance(from, to) : await roadDistance(router, [from, to], scope);
  return `${Number((metres / 1000).toFixed(4))} km`;
}

/** Great-circle distance in kilometres (haversine formula). */
function airDistance(from: Place, to: Place): number {
  const radians = (degrees: string) => (Number(degrees) * Math.PI) / 180;
  const [first, second] = [radians(from.latitude), radians(to.latitude)];
  const half = (a: number, b: number) => Math.sin((b - a) / 2) ** 2;
  const across = Math.cos(first) * Math.cos(second) * half(radians(from.longitude), radians(to.longitude));
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(half(first, second) + across)));
}

async function roadDistance(base: string, places: readonly [Place, Place], scope: FunctionScope): Promise<number> {
  const points = places.map(({ longitude, latitude }) => `${longitude},${latitude}`).join(';');
  const root = parsedUrl(base, 'router_url').href.replace(/\/$/u, '');
  const answer = await ask(new URL(`${root}/route/v1/driving/${points}?overview=false`), scope);
  const routes = isJsonObject(answer) && Array.isArray(answer['routes']) ? answer['routes'] : [];
  const [route] = routes;
  const distance = isJsonObject(route) ? route['distance'] : undefined;
  if (typeof distance === 'number') return distance;
  throw new MapwrightError('EXPRESSION_FAILED', 'the router knows no way between the two places', {
    hint: 'see whether router_url names a router for this part of the world',
  });
}

async function ask(url: URL, { environment, guard }: FunctionScope): Promise<Json> {
  const text = await guard.waitFor(environment.services.network.getText(url.href));
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new MapwrightError('EXPRESSION_FAILED', `${url.host} did not answer in JSON`, {
      hint: 'see whether the address in the setting is that of the service',
      cause,
    });
  }
}

async function setting(name: string, { environment, guard }: FunctionScope): Promise<string> {
  return (await guard.waitFor(environment.services.settings.get(name))) ?? '';
}

async function required(name: string, scope: FunctionScope): Promise<string> {
  const value = await setting(name, scope);
  if (value !== '') return parsedUrl(value, name).href;
  throw new MapwrightError(
    'EXPRESSION_FAILED',
    `there is no geocoder: the setting ${name} says where addresses are found`,
    {
      hint: `mapwright setting set ${name} https://nominatim.openstreetmap.org/search`,
    },
  );
}

function parsedUrl(text: string, name: string): URL {
  const url = URL.parse(text);
  if (url !== null) return url;
  throw new MapwrightError('EXPRESSION_FAILED', `the setting ${name} is no URL`, { hint: `mapwright setting list` });
}

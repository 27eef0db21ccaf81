import { MapwrightError } from '../../../src/core/error.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { prepareCall } from '../../../src/engine/request/prepared-call.ts';
import { worldOf } from '../vector-world.ts';
import { mapScope, readMapOf } from './corebos-map.ts';
import { describeRequest } from './sent-request.ts';

/** What was sent; null: nothing. */
export interface SentMap {
  readonly request: Json;
  readonly told: readonly string[];
}

/** The facts name the server they were recorded with by another host than the settings do. */
const RECORDED_AT = 'http://127.0.0.1:18099';
const NAMED_AS = 'https://api.example.com';

/** Builds the request of a vector's map with the engine's own builder. */
export async function sendMap(input: JsonObject): Promise<SentMap> {
  const { map, diagnostics } = readMapOf(input);
  const told = diagnostics
    .filter(({ severity, code }) => severity === 'error' || (severity === 'warning' && code.startsWith('COREBOS_')))
    .map(({ code, message }) => `${code}: ${message}`);
  if (map === undefined) return { request: null, told };
  try {
    const world = worldOf(input);
    const { request } = await prepareCall({ map, service: undefined, scope: mapScope(world) });
    return { request: describeRequest({ ...request, url: request.url.replace(RECORDED_AT, NAMED_AS) }), told };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    return { request: null, told: [...told, `${thrown.code}: ${thrown.message}`] };
  }
}

import { type Json, isJsonObject } from '../../../src/core/json.ts';
import { textOf } from '../input.ts';
import { sameValue } from '../same-value.ts';
import type { AreaTrial } from '../trial.ts';
import { sendMap } from './send-map.ts';

/** The fields that a map's request carries: its JSON body. `{fields}`. */
export const MAP_AREA: AreaTrial = {
  async run({ input }) {
    const { request, told } = await sendMap(input);
    const body = isJsonObject(request) ? textOf(request, 'body') : '';
    return { got: { fields: fieldsIn(body) }, told };
  },
  matches: ({ got }, wanted) => sameValue(got, wanted),
  isProse: (recommended) => typeof recommended === 'string',
};

function fieldsIn(body: string): Json {
  return body === '' ? null : (JSON.parse(body) as Json);
}

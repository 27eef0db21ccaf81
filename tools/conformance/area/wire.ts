import type { SourceText } from '../../../src/core/diagnostic.ts';
import { isJsonObject } from '../../../src/core/json.ts';
import { compileLegacyText } from '../../../src/catalog/legacy-text.ts';
import { textOf } from '../input.ts';
import { sameValue } from '../same-value.ts';
import type { AreaTrial } from '../trial.ts';
import { worldOf } from '../vector-world.ts';
import { mapScope } from './corebos-map.ts';
import { readResponse, sameResult } from './response.ts';
import { sendMap } from './send-map.ts';
import { hasPart, isWordsAboutRequest, sameRequest } from './sent-request.ts';

/** `{request}`: what goes over the wire; or the text after `getSetting()` was replaced in it. */
export const WIRE_AREA: AreaTrial = {
  async run({ input }) {
    if (typeof input['text'] === 'string') {
      const source = compileLegacyText(sourceOf(input['text']));
      return { got: (await source.evaluate(mapScope(worldOf(input)))) ?? '', told: [] };
    }
    const { request, told } = await sendMap(input);
    const answered = isJsonObject(input['response'] ?? null) ? (await readResponse(input)).got : {};
    return { got: { ...(isJsonObject(answered) ? answered : {}), request }, told };
  },
  matches({ got }, wanted) {
    if (!isJsonObject(got)) return sameValue(got, wanted);
    if (typeof wanted === 'string') return hasPart(got['request'] ?? null, wanted);
    if (!isJsonObject(wanted) || wanted['request'] === undefined) return false;
    return sameRequest(got['request'] ?? null, wanted['request']) && sameResult(got, wanted);
  },
  isProse(recommended, { input }) {
    return typeof recommended === 'string' && textOf(input, 'text') === '' && isWordsAboutRequest(recommended);
  },
};

/** A text that stands in no document. */
function sourceOf(value: string): SourceText {
  const start = { line: 1, column: 1, offset: 0 };
  return { value, range: { start, end: start }, positionAt: () => start };
}

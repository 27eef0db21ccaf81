import type { CallAnswer } from '../../../src/core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../src/core/json.ts';
import { type CorebosOutput, isReturnOnly, readCorebosAnswer } from '../../../src/engine/answer/corebos-reading.ts';
import { walkLegacyPath } from '../../../src/expression/legacy-path.ts';
import { readXmlValueInPieces } from '../../../src/xml/xml-value.ts';
import { objectOf, textOf } from '../input.ts';
import { sameValue } from '../same-value.ts';
import type { AreaTrial, Outcome } from '../trial.ts';
import { readMapOf } from './corebos-map.ts';

/** `{contextAdded, saved, returned?}`: what an answer says to the map; or the value at a path of data. */
export const RESPONSE_AREA: AreaTrial = {
  async run({ input }) {
    if (typeof input['path'] === 'string') {
      return { got: walkLegacyPath(input['data'] ?? null, input['path'].split('.')).value, told: [] };
    }
    return readResponse(input);
  },
  matches({ got }, wanted, { input, quirk, recommended }) {
    if (!isJsonObject(got) || typeof input['path'] === 'string') return sameValue(got, wanted);
    const isAdvice = quirk === 'fix' && wanted === recommended;
    return isAdvice ? followsAdvice(input, got, wanted) : sameResult(got, wanted);
  },
  isProse: (recommended) => typeof recommended === 'string' && /[a-z]+ [a-z]+/iu.test(recommended),
};

/** Reads an answer with the engine's own reader. What a run may write of it is the engine's other rule. */
export async function readResponse(input: JsonObject): Promise<Outcome> {
  const { map, diagnostics } = readMapOf(input);
  const told = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
  if (map === undefined) return { got: { contextAdded: {}, saved: null }, told };
  const { outputs } = await readCorebosAnswer(map, answerOf(objectOf(input, 'response')), {
    readXml: readXmlValueInPieces,
    apart: undefined,
  });
  const past = outputs.flatMap(({ skipped }) => (skipped.length === 0 ? [] : [`read past ${skipped.join('.')}`]));
  return { got: resultOf(input, outputs), told: [...told, ...past] };
}

/** What outputs say to the context and to the record of a vector. */
export function resultOf(input: JsonObject, outputs: readonly CorebosOutput[]): JsonObject {
  const context = objectOf(input, 'context');
  const added = outputs.map(({ output, value }) => [output.document.context?.value ?? '', value] as const);
  const fields = outputs.flatMap(({ output, value }) =>
    output.document.field === undefined ? [] : [[output.document.field.value, value] as const],
  );
  const contextAdded = Object.fromEntries(
    added.filter(([key, value]) => key !== '' && !sameValue(context[key], value)),
  );
  const named = fields.length === 0 ? null : Object.fromEntries(fields);
  return isReturnOnly(context) ? { contextAdded, saved: null, returned: named ?? {} } : { contextAdded, saved: named };
}

/** The answer of a vector. */
function answerOf(response: JsonObject): CallAnswer {
  const status = typeof response['status'] === 'number' ? response['status'] : 200;
  const type = textOf(response, 'ctype');
  const headers = type === '' ? [] : [['content-type', type] as const];
  return { status, headers, body: Buffer.from(textOf(response, 'body')), durationMs: 1 };
}

/** The members that a fact names; a value saved under no name is saved nowhere. */
export function sameResult(got: JsonObject, wanted: Json): boolean {
  if (!isJsonObject(wanted)) return false;
  return ['contextAdded', 'saved', 'returned']
    .filter((part) => Object.hasOwn(wanted, part))
    .every((part) => sameValue(named(got[part] ?? null), named(wanted[part] ?? null)));
}

function named(part: Json): Json {
  if (!isJsonObject(part)) return part;
  const { '': _nowhere, ...rest } = part;
  return Object.keys(rest).length === 0 ? null : rest;
}

/** Advice is parts of the result, the one value read, that value `as for` another path, or a value `for path "..."`. */
async function followsAdvice(input: JsonObject, got: JsonObject, advice: Json): Promise<boolean> {
  if (isJsonObject(advice) && ['contextAdded', 'saved', 'returned'].some((part) => Object.hasOwn(advice, part))) {
    return sameResult(got, advice);
  }
  const words = typeof advice === 'string' ? /^(\S+) (?:as for \S+|for path "([^"]+)")$/u.exec(advice) : null;
  const path = words?.[2];
  const other = path === undefined ? undefined : { ...input, map: withPath(textOf(input, 'map'), path) };
  const result = other === undefined ? got : (await readResponse(other)).got;
  return readValues(result).some((value) => sameValue(value, words?.[1] ?? advice));
}

function withPath(map: string, path: string): string {
  const at = map.indexOf('<Response>');
  return map.slice(0, at) + map.slice(at).replace(/<fieldname>[^<]*/u, () => `<fieldname>${path}`);
}

function readValues(result: Json): Json[] {
  const added = isJsonObject(result) ? objectOf(result, 'contextAdded') : {};
  return Object.values(added);
}

import type { CallAnswer } from '../../core/call.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { CompiledMap, CompiledOutput } from '../../catalog/compiled-map.ts';
import { readLegacyPath, walkLegacyPath } from '../../expression/legacy-path.ts';
import { memberOf } from '../../expression/output-path.ts';
import { encodeLegacyJson } from '../../expression/legacy/json-text.ts';
import { type BodyReader, parseForRewriting, parseLegacyBody, readAnswer } from './read-body.ts';

/** What an answer says to one output of a coreBOS map. */
export interface CorebosOutput {
  readonly output: CompiledOutput;
  /** Empty text when there is nothing. */
  readonly value: Json;
  readonly found: boolean;
  /** Levels of the path that are not there and were stepped over. */
  readonly skipped: readonly string[];
}

/** An answer as a coreBOS map reads it. Whether it may be written is judged apart. */
export interface CorebosReading {
  readonly text: string;
  /** Undefined when it is not readable as the map's outputtype says. */
  readonly body: Json | undefined;
  readonly outputs: readonly CorebosOutput[];
}

/** Reads every output of a coreBOS map from an answer, whatever its status. */
export function readCorebosAnswer(
  { document, outputs }: Pick<CompiledMap, 'document' | 'outputs'>,
  answer: CallAnswer,
  readXml: BodyReader,
): CorebosReading {
  const readers = { json: parseLegacyBody, xml: readXml, text: () => undefined, raw: () => undefined };
  const { text, body } = readAnswer(answer, readers[document.response.format]);
  return { text, body, outputs: outputs.map((output) => readOutput(output, document, { text, body })) };
}

function readOutput(
  output: CompiledOutput,
  map: CompiledMap['document'],
  { text, body }: Pick<CorebosReading, 'text' | 'body'>,
): CorebosOutput {
  const path = output.document.from?.value ?? '';
  if (path === '.') return { output, value: text, found: text !== '', skipped: [] };
  // Only JSON's top level is given as JSON text, and only where the map does not ask for raw values.
  const isRaw = map.response.format === 'xml' || map.switches?.rawValues === true;
  const read = isRaw ? walkLegacyPath(body, path.replace(/^\./u, '').split('.')) : readLegacyPath(body, path);
  if (!isRaw && read.found && !path.slice(1).includes('.'))
    return { output, ...read, value: exactText(text, path) ?? read.value };
  const isStepped = map.switches?.strictPaths === true && read.skipped.length > 0;
  return isStepped ? { output, value: '', found: false, skipped: read.skipped } : { output, ...read };
}

/** The JSON text of a member at the top with all digits of its numbers; undefined when nothing would be lost anyway. */
function exactText(text: string, path: string): Json | undefined {
  const whole = parseForRewriting(text);
  const member = whole === undefined ? undefined : memberOf(whole, path.replace(/^\./u, ''));
  return member === undefined ? undefined : encodeLegacyJson(member);
}

/** The context key with which whoever runs a map asks for its values instead of having them saved. */
export const RETURN_ONLY_KEY = 'WSCall_ReturnResultWithNoSave';

/** True when the values for fields are given back and nothing is saved; the key counts whatever it holds. */
export function isReturnOnly(context: Json): boolean {
  return isJsonObject(context) && Object.hasOwn(context, RETURN_ONLY_KEY);
}

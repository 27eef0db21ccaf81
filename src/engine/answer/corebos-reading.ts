import type { CallAnswer } from '../../core/call.ts';
import { inSlices } from '../../core/in-slices.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { CompiledMap, CompiledOutput } from '../../catalog/compiled-map.ts';
import { readLegacyPath, walkLegacyPath } from '../../expression/legacy-path.ts';
import { memberOf } from '../../expression/output-path.ts';
import { encodeLegacyJson } from '../../expression/legacy/json-text.ts';
import {
  type BodyReader,
  type BodyReading,
  parseForRewriting,
  parseLegacyBody,
  readAnswer,
  readsAs,
} from './read-body.ts';

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
export async function readCorebosAnswer(
  { document, outputs }: Pick<CompiledMap, 'document' | 'outputs'>,
  answer: CallAnswer,
  { readXml, apart }: { readonly readXml: BodyReader; readonly apart: BodyReading['apart'] },
): Promise<CorebosReading> {
  const nothing: BodyReader = () => readsAs(undefined);
  const readers = { json: parseLegacyBody, xml: readXml, csv: nothing, text: nothing, raw: nothing };
  const { response, source } = await readAnswer(answer, { read: readers[document.response.format], apart });
  const { text, body } = response;
  // The text is read a second time only where somebody asks for its numbers as they were written.
  const exact = outputs.some((output) => isAtTop(output, document))
    ? await inSlices(parseForRewriting(source), source.length)
    : undefined;
  return { text, body, outputs: outputs.map((output) => readOutput(output, document, { text, body, exact })) };
}

/** An answer's text, its value, and its value with all digits of its numbers, where those would be lost. */
interface ReadBody extends Pick<CorebosReading, 'text' | 'body'> {
  readonly exact: Json | undefined;
}

/** Only JSON's top level is given as JSON text, and only where the map does not ask for raw values. */
function isAtTop(output: CompiledOutput, map: CompiledMap['document']): boolean {
  const path = output.document.from?.value ?? '';
  return !isRaw(map) && path !== '.' && !path.slice(1).includes('.');
}

/** True where values are read as they are. */
function isRaw(map: CompiledMap['document']): boolean {
  return map.response.format === 'xml' || map.switches?.rawValues === true;
}

function readOutput(
  output: CompiledOutput,
  map: CompiledMap['document'],
  { text, body, exact }: ReadBody,
): CorebosOutput {
  const path = output.document.from?.value ?? '';
  if (path === '.') return { output, value: text, found: text !== '', skipped: [] };
  const read = isRaw(map) ? walkLegacyPath(body, path.replace(/^\./u, '').split('.')) : readLegacyPath(body, path);
  if (read.found && isAtTop(output, map)) return { output, ...read, value: exactText(exact, path) ?? read.value };
  const isStepped = map.switches?.strictPaths === true && read.skipped.length > 0;
  return isStepped ? { output, value: '', found: false, skipped: read.skipped } : { output, ...read };
}

/** The JSON text of a member at the top with all digits of its numbers; undefined when nothing would be lost anyway. */
function exactText(whole: Json | undefined, path: string): Json | undefined {
  const member = whole === undefined ? undefined : memberOf(whole, path.replace(/^\./u, ''));
  return member === undefined ? undefined : encodeLegacyJson(member);
}

/** The context key with which whoever runs a map asks for its values instead of having them saved. */
export const RETURN_ONLY_KEY = 'WSCall_ReturnResultWithNoSave';

/** True when the values for fields are given back and nothing is saved; the key counts whatever it holds. */
export function isReturnOnly(context: Json): boolean {
  return isJsonObject(context) && Object.hasOwn(context, RETURN_ONLY_KEY);
}

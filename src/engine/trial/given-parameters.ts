import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import { readExactJson } from '../../core/json-text.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import { type CompiledParameter, compiledParameter } from '../../catalog/compiled-parameter.ts';
import { namesInPath, placeOf } from '../../catalog/parameter-place.ts';

/** Where a value is said to go: `form` is the body, by whatever name its parts have; `file` any parameter that is a file. */
export const GIVEN_PLACES = ['path', 'query', 'header', 'cookie', 'form', 'file'] as const;

export type GivenPlace = (typeof GIVEN_PLACES)[number];

/** The value of one parameter, in the place of its source: type, rule for empty values and encoding are the map's. */
export interface GivenParameter {
  readonly name: string;
  readonly value: Json;
  /** Undefined: wherever the map has it. */
  readonly in?: GivenPlace | undefined;
}

/** The map with these values. Throws TRIAL_PARAMETER_UNKNOWN with the names that there are. */
export function withParameters(map: CompiledMap, given: readonly GivenParameter[]): CompiledMap {
  if (given.length === 0) return map;
  const values = new Map<CompiledParameter, Json>();
  for (const one of given) {
    const found = map.parameters.filter((parameter) => parameter.name === one.name && isAt(map, parameter, one.in));
    if (found.length === 0) throw unknownParameter(map, one);
    for (const parameter of found) values.set(parameter, one.value);
  }
  const parameters = map.parameters.map((parameter) => {
    const value = values.get(parameter);
    return value === undefined ? parameter : withValue(parameter, value);
  });
  return { ...map, parameters };
}

/** The name, as the map writes it, of the parameter that is this header; undefined when the map has none. */
export function headerParameter(map: CompiledMap, name: string): string | undefined {
  const isIt = (one: CompiledParameter): boolean => one.name.toLowerCase() === name.toLowerCase();
  return map.parameters.find((one) => isIt(one) && givenPlaceOf(map, one) === 'header')?.name;
}

/** Where a parameter goes, in the words of who gives it a value. */
export function givenPlaceOf(map: CompiledMap, { document }: CompiledParameter): Exclude<GivenPlace, 'file'> {
  const { call, dialect } = map.document;
  if (dialect === 'corebos') return corebosPlace(map, document.in, document.name);
  const inPath = new Set([...namesInPath(map.path), ...namesInPath(map.wsdl)]);
  // An envelope is posted, whatever the method says.
  const place = placeOf(document, call.protocol === 'soap' ? { method: 'POST', body: 'xml' } : call, inPath);
  return place === 'path' || place === 'query' || place === 'header' || place === 'cookie' ? place : 'form';
}

function corebosPlace(
  { document: { call } }: CompiledMap,
  said: CompiledParameter['document']['in'],
  name: string,
): Exclude<GivenPlace, 'file'> {
  if (said === 'header') return 'header';
  if (call.protocol === 'soap') return 'form';
  if (call.wire === 'corebos-query') return 'query';
  return call.wire === 'corebos-restful' && call.url?.value.includes(`$${name}`) === true ? 'path' : 'form';
}

function isAt(map: CompiledMap, parameter: CompiledParameter, place: GivenPlace | undefined): boolean {
  if (place === undefined) return true;
  return place === 'file' ? parameter.document.source.kind === 'file' : givenPlaceOf(map, parameter) === place;
}

function withValue(parameter: CompiledParameter, value: Json): CompiledParameter {
  const { document, source, part } = parameter;
  const isList = document.each !== undefined;
  const read = isList || document.source.kind === 'nested' ? fromJsonText(value) : value;
  // What a list holds has no type of its own here.
  const whole = isList ? { ...document, type: undefined } : document;
  const given = {
    describe: 'given',
    // What stands for a secret is hidden as the secret is.
    references: source.references.filter(({ root }) => root === 'secret' || root === 'context'),
    evaluate: async () => (isList && !Array.isArray(read) ? [read] : read),
  };
  return compiledParameter(whole, given, { each: undefined, part });
}

/** A list or an object is given as JSON on a command line. */
function fromJsonText(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/u.test(value)) return value;
  return readExactJson(value) ?? value;
}

function unknownParameter(map: CompiledMap, { name, in: place }: GivenParameter): MapwrightError {
  const fitting = map.parameters.filter((parameter) => isAt(map, parameter, place));
  const elsewhere = map.parameters.find((parameter) => parameter.name === name);
  const where = place === undefined ? '' : place === 'file' ? ' that is a file' : ` in the ${PLACE_NAMES[place]}`;
  const near =
    elsewhere === undefined
      ? didYouMean(
          name,
          fitting.map((one) => one.name),
        )
      : undefined;
  return new MapwrightError('TRIAL_PARAMETER_UNKNOWN', `map "${map.name}" has no parameter "${name}"${where}`, {
    hint: [near, describeParameters(map)].filter((part) => part !== undefined).join(' '),
  });
}

const PLACE_NAMES: Readonly<Record<GivenPlace, string>> = {
  path: 'path',
  query: 'query',
  header: 'headers',
  cookie: 'cookies',
  form: 'body',
  file: 'files',
};

/** `its parameters: path folderId; query notify; body title, file (a file)`. */
function describeParameters(map: CompiledMap): string {
  if (map.parameters.length === 0) return 'it has no parameters';
  const groups = (['path', 'query', 'header', 'cookie', 'form'] as const).flatMap((place) => {
    const named = map.parameters
      .filter((parameter) => givenPlaceOf(map, parameter) === place)
      .map(({ name, document }) => (document.source.kind === 'file' ? `${name} (a file)` : name));
    return named.length === 0 ? [] : [`${PLACE_NAMES[place]} ${[...new Set(named)].join(', ')}`];
  });
  return `its parameters: ${groups.join('; ')}`;
}

import type { JsonObject } from '../../../src/core/json.ts';
import type { DescribedApi, DescribedCall, DescribedParameter } from '../../../src/import/description/described-api.ts';
import { importOpenApi, type OpenApiChoice } from '../../../src/import/openapi/import-openapi.ts';

/** A description with these paths, and what else it says. */
export function description(paths: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    openapi: '3.1.0',
    info: { title: 'Pet Store', version: '1.2' },
    servers: [{ url: 'https://pets.example.com/v1' }],
    paths,
    ...more,
  };
}

export function imported(root: JsonObject, choice: OpenApiChoice = {}): DescribedApi {
  return importOpenApi({ root, files: new Map() }, choice);
}

/** The only call of a description with one operation. */
export function callOf(method: string, operation: JsonObject, more: JsonObject = {}): DescribedCall {
  const [call] = imported(description({ '/pets/{id}': { [method]: operation } }, more)).calls;
  if (call === undefined) throw new Error('no call was made');
  return call;
}

/** Without the header that asks for the answer's type, by name. */
export function parametersOf({ parameters }: DescribedCall): ReadonlyMap<string, DescribedParameter> {
  return new Map(parameters.filter(({ name }) => name !== 'Accept').map((one) => [one.name, one]));
}

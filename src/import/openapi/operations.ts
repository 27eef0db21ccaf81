import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { References } from './references.ts';
import { textOf } from './shape.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** One operation, with what its path says for all of them. */
export interface Operation {
  /** Upper case. */
  readonly method: string;
  /** As it is described: `/pets/{petId}`. */
  readonly path: string;
  readonly id: string | undefined;
  readonly summary: string | undefined;
  readonly tags: readonly string[];
  readonly isDeprecated: boolean;
  readonly parameters: readonly JsonObject[];
  readonly definition: JsonObject;
  /** What is said of servers where it stands. */
  readonly servers: Json | undefined;
}

/** Which operations are wanted: those that fulfil every condition given; of the values of one condition any is enough. */
export interface OperationChoice {
  readonly ids?: readonly string[];
  readonly tags?: readonly string[];
  /** `/pets` with all below it, or with stars: `/orgs/*`. */
  readonly paths?: readonly string[];
}

/** All operations of a description, in its order. */
export function operationsOf(root: JsonObject, references: References): Operation[] {
  const paths = isJsonObject(root['paths']) ? Object.entries(root['paths']) : [];
  return paths.flatMap(([path, written]) => {
    const item = references.object(written);
    if (item === undefined || !path.startsWith('/')) return [];
    const shared = parametersOf(item['parameters'], references);
    return METHODS.flatMap((method) => {
      const definition = references.object(item[method]);
      if (definition === undefined) return [];
      const own = parametersOf(definition['parameters'], references);
      const isReplaced = (one: JsonObject): boolean =>
        own.some((other) => other['name'] === one['name'] && other['in'] === one['in']);
      return [
        {
          method: method.toUpperCase(),
          path,
          id: textOf(definition['operationId']),
          summary: textOf(definition['summary']),
          tags: Array.isArray(definition['tags']) ? definition['tags'].filter((tag) => typeof tag === 'string') : [],
          isDeprecated: definition['deprecated'] === true,
          parameters: [...shared.filter((one) => !isReplaced(one)), ...own],
          definition,
          servers: definition['servers'] ?? item['servers'],
        },
      ];
    });
  });
}

function parametersOf(written: Json | undefined, references: References): JsonObject[] {
  if (!Array.isArray(written)) return [];
  return (written as readonly Json[]).map((one) => references.object(one)).filter((one) => one !== undefined);
}

/** The operations that were asked for. Throws IMPORT_OPERATION_UNKNOWN for a condition that none fulfils. */
export function chosenOperations(operations: readonly Operation[], choice: OperationChoice): Operation[] {
  const { ids = [], tags = [], paths = [] } = choice;
  for (const id of ids) {
    if (!operations.some((one) => isNamed(one, id)))
      throw unknown(
        'operation',
        id,
        operations.flatMap((one) => one.id ?? []),
      );
  }
  for (const tag of tags) {
    if (!operations.some((one) => one.tags.includes(tag)))
      throw unknown('tag', tag, new Set(operations.flatMap((one) => one.tags)));
  }
  for (const path of paths) {
    if (!operations.some((one) => isBelow(one.path, path)))
      throw unknown('path', path, new Set(operations.map((one) => one.path)));
  }
  return operations.filter(
    (one) =>
      (ids.length === 0 || ids.some((id) => isNamed(one, id))) &&
      (tags.length === 0 || tags.some((tag) => one.tags.includes(tag))) &&
      (paths.length === 0 || paths.some((path) => isBelow(one.path, path))),
  );
}

/** By its id, or as `GET /pets`. */
function isNamed({ id, method, path }: Operation, name: string): boolean {
  return id === name || `${method} ${path}` === name;
}

function isBelow(path: string, wanted: string): boolean {
  const pattern = wanted
    .replace(/\/+$/u, '')
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`))
    .join('[^/]*');
  return new RegExp(`^${pattern}(?:/|$)`, 'u').test(path);
}

function unknown(what: string, written: string, known: Iterable<string>): MapwrightError {
  return new MapwrightError('IMPORT_OPERATION_UNKNOWN', `the description has no ${what} "${written}"`, {
    hint: didYouMean(written, known) ?? 'mapwright import-openapi FILE --list shows what there is',
  });
}

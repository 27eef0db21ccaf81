import type { JsonObject } from '../../../core/json.ts';
import { walkLegacyPath } from '../../legacy-path.ts';
import { memberOf } from '../../output-path.ts';
import type { LegacyEnvironment } from '../environment.ts';
import { encodeLegacyJson } from '../json-text.ts';
import { equalsLoosely, isTruthy, type LegacyValue, toLegacyText } from '../value.ts';
import type { FunctionFamily } from './function.ts';

/** Functions that reach the context and the user. */
export const CONTEXT_FUNCTIONS: FunctionFamily = {
  getFromContext: ([names = ''], { environment }) => readEach(visibleContext(environment), toLegacyText(names), read),
  getFromContextSearching: ([paths = '', on = '', sought = '', wanted = ''], { environment }) =>
    readEach(visibleContext(environment), toLegacyText(paths), (context, path) =>
      search(read(context, path), toLegacyText(on), sought, toLegacyText(wanted)),
    ),
  setToContext: ([name = '', value = ''], { environment }) => {
    const { context, mode, record } = environment;
    if (mode === 'none') return value;
    // The record's data stays beside what is set first: later expressions still find `current_row`.
    if (isEmpty(context.values())) context.set('current_row', record);
    context.set(toLegacyText(name), value);
    return value;
  },
  getCurrentUserID: (_, { environment }) => environment.user.id,
};

/** An empty context is replaced by the record's data; without an environment there is none. */
function visibleContext(environment: LegacyEnvironment): JsonObject {
  if (environment.mode === 'none') return {};
  const values = environment.context.values();
  return isEmpty(values) ? { current_row: environment.record } : values;
}

function isEmpty(values: JsonObject): boolean {
  for (const name in values) if (Object.hasOwn(values, name)) return false;
  return true;
}

/** One path gives its value; several with commas between give JSON text of all. */
function readEach(
  context: JsonObject,
  paths: string,
  readOne: (context: JsonObject, path: string) => LegacyValue,
): LegacyValue {
  if (!paths.includes(',')) return readOne(context, paths);
  return encodeLegacyJson(Object.fromEntries(paths.split(',').map((path) => [path, readOne(context, path)])));
}

/** What the original takes for nothing (`0`, `"0"`, false, null, empty) is the empty text. */
function read(context: JsonObject, path: string): LegacyValue {
  const value = path.includes('.') ? walkLegacyPath(context, path.split('.')).value : (memberOf(context, path) ?? '');
  return isTruthy(value) ? value : '';
}

function search(rows: LegacyValue, on: string, sought: LegacyValue, wanted: string): LegacyValue {
  if (!Array.isArray(rows)) return '';
  const found: LegacyValue | undefined = rows.find((row: LegacyValue) => {
    const value = memberOf(row, on);
    return value !== undefined && equalsLoosely(value, sought);
  });
  if (found === undefined) return '';
  const { value } = walkLegacyPath(found, wanted.split('.'));
  return isTruthy(value) ? value : '';
}

import type { Json, JsonObject } from '../../core/json.ts';
import { type ModuleDefinition, TEXT_OR_ID_TYPES } from '../../core/module.ts';
import type { Reference } from '../../expression/compiled.ts';
import type { Environment } from '../../expression/environment.ts';
import { type GivenValues, givenRecordId } from '../../expression/legacy/given-values.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import { memberOf } from '../../expression/output-path.ts';
import type { Scope } from '../compiled-source.ts';
import { legacyViewOf, scopeOnValues } from '../given-scope.ts';

/**
 * What the sources of a native rule see: the values that it is asked with, every field of its module among them, and where a
 * run asks also what that run sees, with the types that its values have there.
 */
export async function ruleScope(
  given: GivenValues,
  params: { readonly references: readonly Reference[]; readonly module: ModuleDefinition | undefined },
): Promise<Scope> {
  const { references, module } = params;
  const view = await legacyViewOf(given);
  const scope = await scopeOnValues(given, { view, references, module });
  const record = { ...emptyFields(module), ...scope.values.record };
  const asker = await given.asker?.();
  return { ...scope, values: asker === undefined ? { ...scope.values, record } : seenBy(asker, scope, record, given) };
}

function emptyFields(module: ModuleDefinition | undefined): JsonObject {
  const fields = module?.fields ?? [];
  return Object.fromEntries(fields.map(({ name, type }) => [name, TEXT_OR_ID_TYPES.has(type) ? '' : null]));
}

function seenBy(asker: Environment, { values }: Scope, record: JsonObject, given: GivenValues): Environment {
  const { input, user, run, setting } = asker;
  const id = givenRecordId(given.values, given.services);
  const isSame = memberOf(asker.record, 'id') === id;
  return {
    ...values,
    record: isSame ? withTypes(record, asker.record) : record,
    previous: isSame ? asker.previous : {},
    changed: isSame ? asker.changed : [],
    context: withTypes(values.context, asker.context),
    input,
    user,
    run,
    setting,
  };
}

/** Where a value is the text of what the run has, that itself. */
function withTypes(values: JsonObject, typed: JsonObject): JsonObject {
  const entries = Object.entries(values).map(([name, value]): [string, Json] => {
    const known = memberOf(typed, name);
    return [name, known !== undefined && isTextOf(value, known) ? known : value];
  });
  return Object.fromEntries(entries);
}

/** `74` is what coreBOS has of the id `11x74`, and `0` of a checkbox that was never touched. */
function isTextOf(value: Json, known: Json): boolean {
  if (typeof value === 'object' && value !== null) return false;
  const text = toLegacyText(value);
  if (typeof known === 'string' && /^\d+x\d+$/u.test(known)) return text === known || known.endsWith(`x${text}`);
  if (known === null) return text === '' || value === false;
  return typeof known !== 'object' && toLegacyText(known) === text;
}

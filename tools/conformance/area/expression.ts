import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { MapwrightError } from '../../../src/core/error.ts';
import { compileLegacy } from '../../../src/expression/legacy/legacy.ts';
import { textOf } from '../input.ts';
import { sameValue } from '../same-value.ts';
import type { AreaTrial, Outcome } from '../trial.ts';
import { worldOf } from '../vector-world.ts';

/** What stands for a failure on both sides: the original's message is its own. */
const FAILED: JsonObject = { error: true };

/** A value, `{error: true}`, or for what changes the context `{value, contextAfter}`. */
export const EXPRESSION_AREA: AreaTrial = {
  async run({ input, expected }) {
    const { environment } = worldOf(input);
    const before = environment.context.values();
    return failing(async () => {
      const compiled = compileLegacy(textOf(input, 'expression'));
      if (!compiled.ok) throw new MapwrightError(compiled.problem.code, compiled.problem.message);
      const value = await compiled.value.evaluate(environment);
      if (!isJsonObject(expected) || !Object.hasOwn(expected, 'contextAfter')) return value;
      return { value, contextAfter: changes(before, environment.context.values()) };
    });
  },
  matches: ({ got }, wanted) => sameOutcome(got, wanted),
  isProse: (recommended) => typeof recommended === 'string' && /^\(.*\)$/u.test(recommended),
};

/** The outcome of a computation, `{error: true}` when it fails as the product fails. */
export async function failing(compute: () => Promise<Json>): Promise<Outcome> {
  try {
    return { got: await compute(), told: [] };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    return { got: FAILED, told: [`${thrown.code}: ${thrown.message}`] };
  }
}

/** As `sameValue`; a failure is a failure, whatever it is called. */
export function sameOutcome(got: Json, wanted: Json): boolean {
  return isFailure(wanted) ? isFailure(got) : sameValue(got, wanted);
}

function isFailure(value: Json): boolean {
  return isJsonObject(value) && value['error'] === true;
}

/** The keys that were added or got another value. */
function changes(before: JsonObject, after: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries<Json>(after).filter(([key, value]) => !sameValue(before[key], value)));
}

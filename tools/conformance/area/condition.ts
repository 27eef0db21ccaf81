import { MapwrightError } from '../../../src/core/error.ts';
import type { LegacyCondition } from '../../../src/expression/legacy/condition.ts';
import { compileLegacyConditions } from '../../../src/expression/legacy/condition/compile-conditions.ts';
import type { AreaTrial } from '../trial.ts';
import { worldOf } from '../vector-world.ts';
import { failing, sameOutcome } from './expression.ts';

/** Whether conditions hold, or `{error: true}`. */
export const CONDITION_AREA: AreaTrial = {
  run: ({ input }) =>
    failing(async () => {
      const { environment, previous } = worldOf(input);
      const compiled = compileLegacyConditions((input['conditions'] ?? []) as unknown as readonly LegacyCondition[]);
      if (!compiled.ok) throw new MapwrightError(compiled.problem.code, compiled.problem.message);
      return compiled.value.holds({ environment, previous });
    }),
  matches: ({ got }, wanted) => sameOutcome(got, wanted),
  isProse: (recommended) => typeof recommended === 'string',
};

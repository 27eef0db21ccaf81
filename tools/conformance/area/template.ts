import { MapwrightError } from '../../../src/core/error.ts';
import { compileLegacyTemplate } from '../../../src/expression/legacy/template/template.ts';
import { objectOf, textOf } from '../input.ts';
import type { AreaTrial } from '../trial.ts';
import { worldOf } from '../vector-world.ts';
import { failing, sameOutcome } from './expression.ts';

/** The text of a template, over a stored record or (`mode: onData`) over values that are none. */
export const TEMPLATE_AREA: AreaTrial = {
  run: ({ input }) =>
    failing(async () => {
      const { environment } = worldOf(input);
      const compiled = compileLegacyTemplate(textOf(input, 'template'), {
        keepVariables: input['keepVariable'] === true,
      });
      if (!compiled.ok) throw new MapwrightError(compiled.problem.code, compiled.problem.message);
      const data = objectOf(objectOf(input, 'record'), 'fields');
      return compiled.value.render(environment, input['mode'] === 'onData' ? { data } : {});
    }),
  matches: ({ got }, wanted) => sameOutcome(got, wanted),
  isProse: () => false,
};

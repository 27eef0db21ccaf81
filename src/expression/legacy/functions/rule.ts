import type { JsonObject } from '../../../core/json.ts';
import { throwawayContext } from '../environment.ts';
import { rowEnvironment } from '../row-environment.ts';
import { isTruthy } from '../value.ts';
import { bareNumber, ownRecord, textOf } from './argument.ts';
import type { FunctionFamily, FunctionScope } from './function.ts';

/** Functions that run what is written elsewhere. */
export const RULE_FUNCTIONS: FunctionFamily = {
  /** A rule that does not exist is 0, as is a call with anything but one name. */
  evaluateRule: async ([name = '', ...more], scope) => {
    const { environment, guard } = scope;
    if (more.length > 0 || !isTruthy(name) || environment.mode === 'none') return 0;
    return (await guard.waitFor(environment.services.maps.evaluateRule(textOf(name), ruleValues(scope)))) ?? 0;
  },
  /** On the record as it is stored now, without the run's variables. */
  evaluateExpression: async ([text = ''], scope) => {
    const { environment, guard } = scope;
    const own = ownRecord(scope);
    const row = own && (await guard.waitFor(environment.services.records.read(own.id)));
    const without = { ...environment, context: throwawayContext({}) };
    return scope.evaluateText(textOf(text), row === undefined ? without : rowEnvironment(row, environment));
  },
};

/** The variables of the run and over them the record. */
function ruleValues({ environment }: FunctionScope): JsonObject {
  const { context, record, recordId, module } = environment;
  return {
    ...context.values(),
    ...record,
    ...(recordId === undefined ? {} : { id: recordId, record_id: bareNumber(recordId) }),
    ...(module === undefined ? {} : { record_module: module }),
  };
}

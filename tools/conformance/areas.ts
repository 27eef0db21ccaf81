import { CONDITION_AREA } from './area/condition.ts';
import { EXPRESSION_AREA } from './area/expression.ts';
import { MAP_AREA } from './area/map.ts';
import { RESPONSE_AREA } from './area/response.ts';
import { SOAP_TRIAL } from './area/soap.ts';
import { TEMPLATE_AREA } from './area/template.ts';
import { WIRE_AREA } from './area/wire.ts';
import type { AreaTrial } from './trial.ts';
import type { Area, Vector } from './vector.ts';

const AREA_TRIALS: Readonly<Record<Area, AreaTrial>> = {
  expression: EXPRESSION_AREA,
  template: TEMPLATE_AREA,
  condition: CONDITION_AREA,
  map: MAP_AREA,
  wire: WIRE_AREA,
  response: RESPONSE_AREA,
};

/** How a vector is run. A SOAP call is told by the answer that its service gives. */
export function trialOf({ area, input }: Vector): AreaTrial {
  return typeof input['soapResponseBody'] === 'string' ? SOAP_TRIAL : AREA_TRIALS[area];
}

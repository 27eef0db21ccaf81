import type { Json } from '../../core/json.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import type { CompiledParameter } from '../../catalog/compiled-parameter.ts';
import { namesInPath, placeOf } from '../../catalog/parameter-place.ts';
import { membersBeside } from '../../catalog/spread-members.ts';
import type { EvaluatedParameter } from './prepared-call.ts';

/**
 * The parameters that stand for one with `spread`: the members of its value, in its place. A parameter that the map has there
 * itself stands over a member of its name. Throws PARAMETER_NOT_OBJECT.
 */
export function spreadParameter(map: CompiledMap, parameter: CompiledParameter, value: Json): EvaluatedParameter[] {
  const inPath = namesInPath(map.path);
  const place = ({ document }: CompiledParameter) => placeOf(document, map.document.call, inPath);
  const where = place(parameter);
  const own = new Set(
    map.parameters.flatMap((other) => (other.document.isSpread !== true && place(other) === where ? [other.name] : [])),
  );
  return membersBeside(parameter.name, value, own).map(([name, member]) => ({
    parameter: { ...parameter, name, document: { ...parameter.document, name, in: where } },
    value: member,
  }));
}

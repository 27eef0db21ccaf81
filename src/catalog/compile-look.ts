import type { WebserviceMap } from '../document/map.ts';
import type { JsonataExpression } from '../expression/jsonata.ts';
import { type CompileContext, accept, report, resolve } from './compile-context.ts';

/** How to find out what became of a call to which no answer came. */
export interface CompiledLook {
  /** The map that asks for it. */
  readonly map: string;
  /** Whether it was found; undefined: when every output is there. */
  readonly found: JsonataExpression | undefined;
}

/** Methods that change nothing at the other side (RFC 9110 section 9.2.1). */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * The look of a map, compiled; undefined when it has none, or a wrong one. The other map must change nothing, must be able
 * to tell whether something was found, and is warned of when it does not give what the answer would have given.
 */
export function compileLook(context: CompileContext, map: WebserviceMap): CompiledLook | undefined {
  const { look } = map.call;
  if (look === undefined) return undefined;
  const { file } = map;
  const found = look.found && accept(context, file, look.found, context.texts.jsonata(look.found.value));
  const names = { file, name: look.map, among: context.knownMaps, code: 'MAP_UNKNOWN', what: 'map' };
  const other = resolve(context, names);
  if (other === undefined || (look.found !== undefined && found === undefined)) return undefined;
  const { method, isSafe } = other.call;
  if (isSafe !== true && !SAFE_METHODS.includes(method)) {
    report(context, {
      code: 'LOOK_NOT_SAFE',
      message: `map "${other.name}" sends a ${method}: looking must change nothing`,
      hint: 'look with a GET, or write safe="true" in its <call> when the request only searches',
      file,
      range: look.map.range,
    });
  }
  if (found === undefined && (other.dialect === 'corebos' || other.response.outputs.length === 0)) {
    report(context, {
      code: 'LOOK_UNDECIDED',
      message: `map "${other.name}" does not tell whether anything was found`,
      hint: 'add found="response.body.total > 0" to the <look>, or an output without which nothing was found to the map',
      file,
      range: look.range,
    });
  }
  checkOutputs(context, map, other);
  return { map: other.name, found };
}

/** What the answer would have written and the look does not stays as it is: that is hardly meant. */
function checkOutputs(context: CompileContext, map: WebserviceMap, other: WebserviceMap): void {
  const targets = ({ response }: WebserviceMap): string[] =>
    response.outputs
      .filter(({ on }) => on !== 'failure')
      .flatMap(({ field, context: key }) => [
        ...(field === undefined ? [] : [`field ${field.value}`]),
        ...(key === undefined ? [] : [`context ${key.value}`]),
      ]);
  const given = new Set(targets(other));
  const missing = targets(map).filter((target) => !given.has(target));
  const range = map.call.look?.map.range;
  if (missing.length === 0 || range === undefined) return;
  report(context, {
    code: 'LOOK_OUTPUT_MISSING',
    message: `what map "${other.name}" finds does not give ${missing.join(', ')}`,
    hint: `add the same outputs to map "${other.name}": they are taken in the place of the lost answer`,
    severity: 'warning',
    file: map.file,
    range,
  });
}

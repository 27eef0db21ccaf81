import type { CallDefinition, Parameter, ParameterPlace } from '../document/map.ts';

const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/** Where a parameter goes: as it says, else into the path that names it, else as the method has it. */
export function placeOf(
  { in: said, name }: Pick<Parameter, 'in' | 'name'>,
  { method, body }: Pick<CallDefinition, 'method' | 'body'>,
  inPath: ReadonlySet<string>,
): ParameterPlace {
  if (said !== undefined) return said;
  if (inPath.has(name)) return 'path';
  return WITHOUT_BODY.has(method) || body === 'none' ? 'query' : 'body';
}

/** The names of parameters that stand in the path. */
export function namesInPath(
  path: { readonly references: readonly { readonly root: string; readonly path: readonly string[] }[] } | undefined,
): ReadonlySet<string> {
  return new Set(path?.references.flatMap(({ root, path: name }) => (root === 'parameter' ? name : [])));
}

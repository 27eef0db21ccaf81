import type { Parameter } from '../document/map.ts';
import { compileJsonata } from '../expression/jsonata.ts';
import { type CompileContext, accept } from './compile-context.ts';
import { type CompiledParameter, compiledParameter } from './compiled-parameter.ts';
import { type SourcePlace, compileSource } from './compile-source.ts';

/** Parameters ready to be evaluated; those with problems are left out after their problems were reported. */
export function compileParameters(
  context: CompileContext,
  place: SourcePlace,
  parameters: readonly Parameter[],
): CompiledParameter[] {
  return parameters.flatMap((parameter) => compileParameter(context, place, parameter) ?? []);
}

function compileParameter(
  context: CompileContext,
  place: SourcePlace,
  parameter: Parameter,
): CompiledParameter | undefined {
  const source = compileSource(context, place, parameter.source);
  const each =
    parameter.each === undefined
      ? undefined
      : accept(context, place.file, parameter.each, compileJsonata(parameter.each.value));
  if (source === undefined || (parameter.each !== undefined && each === undefined)) return undefined;
  return compiledParameter(parameter, source, each);
}

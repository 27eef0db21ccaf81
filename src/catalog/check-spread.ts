import type { Parameter, ParameterPlace, WebserviceMap } from '../document/map.ts';
import { type CompileContext, report } from './compile-context.ts';

/** Reports parameters whose members could not be sent as parameters of their own: names from data go into no header or path. */
export function checkSpread(
  context: CompileContext,
  { file, call, parameters }: WebserviceMap,
  placeOf: (parameter: Parameter) => ParameterPlace,
): void {
  const tell = (parameter: Parameter, problem: string | undefined): void => {
    if (problem === undefined) return;
    const hint = 'spread="true" goes with parameters of a query or of a body of json, form, multipart or xml';
    report(context, { code: 'PARAMETER_SPREAD', message: problem, hint, file, range: parameter.range });
  };
  const check = (parameter: Parameter, where: ParameterPlace): void => {
    if (parameter.isSpread === true) tell(parameter, wholeProblem(parameter) ?? placeProblem(where, call.body));
    if (parameter.source.kind === 'nested')
      for (const inner of parameter.source.parameters) check(inner, inner.in ?? 'body');
  };
  for (const parameter of parameters) check(parameter, placeOf(parameter));
}

function wholeProblem({ encode, each, source, filename, contentType }: Parameter): string | undefined {
  const made =
    encode !== undefined
      ? `encode="${encode}" makes a text of it`
      : each !== undefined
        ? 'each="..." makes a list of it'
        : source.kind === 'file' || filename !== undefined || contentType !== undefined
          ? 'a file is sent as a whole'
          : undefined;
  return made === undefined ? undefined : `there are no members to be sent: ${made}`;
}

function placeProblem(where: ParameterPlace, body: string): string | undefined {
  if (where === 'query') return undefined;
  if (where !== 'body') return `members cannot be spread in="${where}"`;
  return body === 'raw' ? 'body="raw" is one value' : undefined;
}

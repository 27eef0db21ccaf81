import type { Located } from '../core/diagnostic.ts';
import { MapwrightError } from '../core/error.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { WebserviceMap } from '../document/map.ts';
import type { GivenContext, GivenField, MapTestCase, MapTestDocument, WriteTarget } from '../document/map-test.ts';
import { compilePath } from '../expression/output-path.ts';
import { fieldProblem } from './check-names.ts';
import { type CompileContext, accept, report, resolve } from './compile-context.ts';
import { convertValue } from './convert-value.ts';

/** Reports names of a test that its map or its map's module does not have: nothing could ever be compared with them. */
export function checkMapTest(
  context: CompileContext,
  test: MapTestDocument,
  knownMaps: ReadonlyMap<string, WebserviceMap>,
): void {
  const map = resolve(context, {
    file: test.file,
    name: test.map,
    among: knownMaps,
    code: 'MAP_UNKNOWN',
    what: 'map',
  });
  if (map === undefined) return;
  const module = map.module && context.modules.get(map.module.value);
  for (const one of test.cases) checkCase(context, { file: test.file, map, module, one });
}

interface CaseCheck {
  readonly file: string;
  readonly map: WebserviceMap;
  readonly module: ModuleDefinition | undefined;
  readonly one: MapTestCase;
}

function checkCase(context: CompileContext, check: CaseCheck): void {
  const { one, file } = check;
  checkFields(context, check, [...one.record, ...(one.previous ?? [])]);
  for (const given of one.context) checkContextValue(context, check, given);
  for (const { name, path } of one.expected.sent?.parameters ?? []) {
    checkParameter(context, check, name);
    if (path !== undefined) accept(context, file, path, compilePath(path.value));
  }
  const targets = [...one.expected.written, ...one.expected.notWritten].flatMap(({ target }) => target ?? []);
  for (const target of targets) checkTarget(context, check, target);
}

function checkFields(context: CompileContext, { file, module }: CaseCheck, fields: readonly GivenField[]): void {
  for (const { name } of fields) {
    const problem = fieldProblem(context, module, name.value.split('.'));
    if (problem !== undefined) report(context, { ...problem, file, range: name.range });
  }
}

function checkContextValue(context: CompileContext, { file }: CaseCheck, { name, value, type }: GivenContext): void {
  try {
    convertValue(value.value, type, name.value);
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    report(context, { code: 'MAP_TEST_VALUE', message: thrown.message, file, range: value.range });
  }
}

function checkParameter(context: CompileContext, { file, map }: CaseCheck, name: Located<string>): void {
  const names = map.parameters.map((parameter) => parameter.name);
  // The members of a value that is spread are called as whoever gives it says.
  if (names.includes(name.value) || map.parameters.some(({ isSpread }) => isSpread === true)) return;
  report(context, {
    code: 'MAP_TEST_PARAMETER_UNKNOWN',
    message: `map ${map.name} has no parameter "${name.value}"`,
    ...hintOf(name.value, names, 'its parameters are'),
    file,
    range: name.range,
  });
}

function checkTarget(context: CompileContext, { file, map }: CaseCheck, { kind, name }: WriteTarget): void {
  const names = map.response.outputs.flatMap(
    (output) => (kind === 'field' ? output.field : output.context)?.value ?? [],
  );
  if (names.includes(name.value)) return;
  report(context, {
    code: 'MAP_TEST_OUTPUT_UNKNOWN',
    message: `map ${map.name} writes no ${kind === 'field' ? 'field' : 'context value'} "${name.value}"`,
    ...hintOf(name.value, names, 'it writes'),
    file,
    range: name.range,
  });
}

const MAX_LISTED = 12;

function hintOf(written: string, names: readonly string[], opening: string): { readonly hint?: string } {
  const near = didYouMean(written, names);
  if (near !== undefined) return { hint: near };
  const listed = [...new Set(names)].slice(0, MAX_LISTED);
  return listed.length === 0 ? {} : { hint: `${opening}: ${listed.join(', ')}` };
}

import type { ModuleDefinition } from '../core/module.ts';
import type { AnswerFile, WebserviceMap } from '../document/map.ts';
import { fieldProblem } from './check-names.ts';
import { type CompileContext, report } from './compile-context.ts';
import { type CompiledPart, compilePart } from './compile-file.ts';
import type { Reference } from '../expression/compiled.ts';

/** A body that becomes a file, its texts compiled. */
export interface CompiledAnswerFile extends CompiledPart {
  readonly document: AnswerFile;
  readonly references: readonly Reference[];
}

/** Reports a field that holds no file, and outputs that would read the body all the same. */
export function compileAnswerFile(
  context: CompileContext,
  map: WebserviceMap,
  module: ModuleDefinition | undefined,
): CompiledAnswerFile | undefined {
  const { file: document, outputs, records = [], pages } = map.response;
  if (document === undefined) return undefined;
  checkField(context, map, document, module);
  const reader = outputs.find(({ from, on }) => from !== undefined && on !== 'failure') ?? records[0] ?? pages;
  if (reader !== undefined) {
    report(context, {
      code: 'FILE_ANSWER_READ',
      message: 'the body goes into a file, and nothing reads it besides',
      hint: 'leave this out, say on="failure", or read what the headers say: jsonata="response.headers.etag"',
      file: map.file,
      range: reader.range,
    });
  }
  const part = compilePart(context, { file: map.file, module }, document);
  const references = [part.filename, part.contentType].flatMap((text) => text?.references ?? []);
  return { ...part, document, references };
}

function checkField(
  context: CompileContext,
  map: WebserviceMap,
  { field }: AnswerFile,
  module: ModuleDefinition | undefined,
): void {
  if (field === undefined) return;
  const at = { file: map.file, range: field.range };
  const problem = fieldProblem(context, module, [field.value]);
  if (problem !== undefined) report(context, { ...problem, ...at });
  const known = module?.fields.find(({ name }) => name === field.value);
  if (known === undefined || known.type === 'file') return;
  report(context, {
    code: 'FILE_FIELD_TYPE',
    message: `field "${field.value}" is of type ${known.type} and holds no file`,
    hint: `say type="file" for it in the module, or take another field`,
    ...at,
  });
}

import type { SourceText } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json.ts';
import type { Template } from '../expression/template.ts';
import type { TemplateEnvironment } from '../expression/environment.ts';
import { checkReferences } from './check-names.ts';
import { type CompileContext, accept } from './compile-context.ts';

/** A text of a service or a credential, which may hold `{setting.x}` and nothing of a run; undefined when it is refused. */
export function compileSettingText(context: CompileContext, file: string, text: SourceText): Template | undefined {
  const template = accept(context, file, text, context.texts.template(text.value, 'origin'));
  if (template === undefined) return undefined;
  const { references } = template;
  checkReferences(context, { file, text, references, module: undefined, missingFieldIs: 'error' });
  return template;
}

/** What such a text sees: settings, and nothing else. */
export function settingEnvironment(setting: JsonObject): TemplateEnvironment {
  return {
    values: { record: {}, previous: {}, changed: [], context: {}, input: {}, user: {}, run: {}, setting },
    ambience: { now: 0, timeZone: 'UTC', seed: '' },
    parameter: () => undefined,
    secret: () => undefined,
    step: {},
    related: {},
  };
}

import type { SourceText } from '../core/diagnostic.ts';
import { fillText } from '../expression/legacy/value-placeholder.ts';
import { checkReferences } from './check-names.ts';
import { type CompileContext, accept } from './compile-context.ts';
import type { CompiledSource } from './compiled-source.ts';
import type { SourcePlace } from './compile-source.ts';

/** A template as coreBOS writes it, over the record or, where there is none, over the context. */
export function compileLegacyTemplateSource(
  context: CompileContext,
  place: SourcePlace,
  text: SourceText,
): CompiledSource | undefined {
  const template = accept(context, place.file, text, context.texts.legacyTemplate(text.value));
  if (template === undefined) return undefined;
  const { references } = template;
  checkReferences(context, { file: place.file, text, references, module: place.module, missingFieldIs: 'warning' });
  const seen = references.flatMap(({ root, path, ...at }) =>
    root === 'record' && path.length === 1 ? [{ root: 'context', path, ...at }] : [],
  );
  return {
    describe: 'legacy template',
    references: [...references, ...seen],
    async evaluate(scope) {
      const { environment, names } = await scope.legacy();
      // Values are put in last: a `$` in one of them is no placeholder.
      if (place.asked === true) return fillText(await template.render(environment), names);
      return template.render(environment, environment.mode === 'record' ? {} : { data: names });
    },
  };
}

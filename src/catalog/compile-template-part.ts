import type { SourceText } from '../core/diagnostic.ts';
import type { Json } from '../core/json.ts';
import type { LegacyPart } from '../document/map.ts';
import type { Reference } from '../expression/compiled.ts';
import type { LegacyTemplate } from '../expression/legacy/template/template.ts';
import { checkReferences } from './check-names.ts';
import { type CompileContext, accept, report } from './compile-context.ts';
import type { Scope } from './compiled-source.ts';
import type { SourcePlace } from './compile-source.ts';

/** A FIELD or TEMPLATE part of the coreBOS dialect, ready to be rendered. */
export interface TemplatePart {
  readonly describe: string;
  readonly references: readonly Reference[];
  evaluate(scope: Scope): Promise<Json>;
}

/**
 * Both are templates over the record, formatted for whom it is assigned to; without a record they are rendered over the
 * context. FIELD names one field, with or without its `$`. Unknown fields are warned of; undefined after an error.
 */
export function compileTemplatePart(
  context: CompileContext,
  place: SourcePlace,
  part: LegacyPart,
): TemplatePart | undefined {
  const text = part.source === 'field' ? fieldTemplate(part.text) : part.text;
  const template = accept(context, place.file, text, context.texts.legacyTemplate(text.value));
  if (template === undefined) return undefined;
  const { references } = template;
  checkReferences(context, { file: place.file, text, references, module: place.module, missingFieldIs: 'warning' });
  if (part.source === 'template') warnOfBareNames(context, place, part.text);
  return {
    describe: part.source === 'field' ? `field ${text.value}` : 'template',
    references: [...references, ...references.flatMap(fromContext)],
    evaluate: (scope) => render(template, scope),
  };
}

/** Blanks around the name do not count, and `$` is added. */
function fieldTemplate(text: SourceText): SourceText {
  const name = text.value.trim();
  const leading = text.value.indexOf(name);
  const added = /^[$Ç]/u.test(name) ? '' : '$';
  return {
    value: added + name,
    range: text.range,
    positionAt: (offset) => text.positionAt(leading + Math.max(0, offset - added.length)),
  };
}

/** Without a record the same names are those of the context. */
function fromContext(reference: Reference): Reference[] {
  return reference.root === 'record' && reference.path.length === 1 ? [{ ...reference, root: 'context' }] : [];
}

async function render(template: LegacyTemplate, scope: Scope): Promise<string> {
  const { environment, names } = await scope.legacy();
  return template.render(environment, environment.mode === 'record' ? {} : { data: names });
}

/** `firstname lastname` in a TEMPLATE is sent as it stands, which nobody means. */
function warnOfBareNames(context: CompileContext, { file, module }: SourcePlace, text: SourceText): void {
  const words = text.value.split(/\s+/u).filter((word) => word !== '');
  const isField = (word: string): boolean => module?.fields.some((field) => field.name === word) === true;
  if (words.length === 0 || words.length > 10 || !words.every(isField)) return;
  report(context, {
    code: 'COREBOS_TEMPLATE_LITERAL',
    message: 'this is sent as it stands: in a TEMPLATE a field needs a $ before it',
    hint: `write ${words.map((word) => `$${word}`).join(' ')}`,
    file,
    range: text.range,
    severity: 'warning',
  });
}

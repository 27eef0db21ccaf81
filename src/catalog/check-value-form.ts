import type { Range } from '../core/diagnostic.ts';
import type { ValueForm } from '../document/map.ts';
import { isReadablePattern } from '../expression/read-date.ts';
import { type CompileContext, report } from './compile-context.ts';

/** Reports VALUE_FORM_PATTERN of a pattern by which no date can be read. */
export function checkValueForm(
  context: CompileContext,
  { file, form, range }: { readonly file: string; readonly form: ValueForm | undefined; readonly range: Range },
): void {
  if (form?.pattern === undefined || isReadablePattern(form.pattern)) return;
  report(context, {
    code: 'VALUE_FORM_PATTERN',
    message: `no date can be read by the pattern "${form.pattern.slice(0, 60)}"`,
    hint: 'write year, month and day, each once: dd.MM.yyyy, yyyy-MM-dd HH:mm; other text stands in single quotes',
    file,
    range,
  });
}

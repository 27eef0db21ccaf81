import type { SourceText } from '../core/diagnostic.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { PagesDefinition, RecordsOutput, WebserviceMap } from '../document/map.ts';
import { compilePath, type PathReader } from '../expression/output-path.ts';
import { type CompileContext, accept, report, resolve } from './compile-context.ts';
import { checkValueForm } from './check-value-form.ts';
import type { CompiledPages, CompiledRecords } from './compiled-records.ts';
import { checkMandatory, compileFieldSettings } from './task/field-setting.ts';

interface MapPlace {
  readonly context: CompileContext;
  readonly file: string;
  readonly module: ModuleDefinition | undefined;
}

/** Lists of the answer that become records; those with problems are left out. */
export function compileRecords(place: MapPlace, records: readonly RecordsOutput[]): CompiledRecords[] {
  return records.map((document) => compileOne(place, document));
}

function compileOne(place: MapPlace, document: RecordsOutput): CompiledRecords {
  const { context, file } = place;
  const { module: name, match, sets, from } = document;
  const module = resolve(context, { file, name, among: context.modules, code: 'MODULE_UNKNOWN', what: 'module' });
  checkMandatory(place, { module, sets, mapped: undefined, at: name.range, severity: 'warning' });
  for (const { form, range } of sets) checkValueForm(context, { file, form, range });
  const set = new Set(sets.map(({ field }) => field.value));
  for (const field of match) {
    if (set.has(field.value)) continue;
    report(context, {
      code: 'UPSERT_MATCH_NOT_SET',
      message: `the record is looked for by "${field.value}", and no <set> says its value`,
      hint: `add <set field="${field.value}" path="..."/>`,
      file,
      range: field.range,
    });
  }
  const settings = new Map(sets.map((setting) => [setting.field.value, setting]));
  return {
    document,
    path: from && accept(context, file, from, compilePath(from.value)),
    match: match.map((field) => field.value),
    sets: compileFieldSettings(place, module, sets).map((compiled) => {
      const setting = settings.get(compiled.field);
      return { ...compiled, form: setting?.form, optional: setting?.optional ?? false };
    }),
  };
}

/** How the other pages of a list are asked for. Reports PAGES_NOT_SAFE. */
export function compilePages(
  context: CompileContext,
  { file, call }: WebserviceMap,
  pages: PagesDefinition,
): CompiledPages {
  const path = (text: SourceText | undefined): PathReader | undefined =>
    text && accept(context, file, text, compilePath(text.value));
  const isSafe = call.isSafe === true || call.method === 'GET' || call.method === 'HEAD';
  if (!isSafe) {
    report(context, {
      code: 'PAGES_NOT_SAFE',
      message: `<pages> makes the call again and again, and a ${call.method} may change something each time`,
      hint: 'say safe="true" on the <call> if it only asks for something',
      file,
      range: pages.range,
    });
  }
  return { document: pages, items: path(pages.items), next: path(pages.next), more: path(pages.more) };
}

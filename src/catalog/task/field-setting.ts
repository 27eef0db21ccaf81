import type { Range } from '../../core/diagnostic.ts';
import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { ParameterType, ValueForm, WhenEmpty } from '../../document/map.ts';
import type { FieldSetting } from '../../document/task.ts';
import { type CompileContext, report } from '../compile-context.ts';
import { compileSource, type SourcePlace } from '../compile-source.ts';
import type { CompiledSource } from '../compiled-source.ts';

/** One field's value, compiled. */
export interface CompiledFieldSetting {
  readonly field: string;
  readonly source: CompiledSource;
  readonly type: ParameterType | undefined;
  /** How dates and times are written. */
  readonly form?: ValueForm | undefined;
  readonly defaultValue: string | undefined;
  readonly whenEmpty: WhenEmpty;
}

/** Where fields are set: in a task, or in a mapping. */
export interface SettingPlace extends SourcePlace {
  readonly context: CompileContext;
}

/** Compiles values for fields of `module`. Reports unknown fields, fields set twice, and literals that a field cannot keep. */
export function compileFieldSettings(
  place: SettingPlace,
  module: ModuleDefinition | undefined,
  settings: readonly FieldSetting[],
): CompiledFieldSetting[] {
  const seen = new Set<string>();
  return settings.flatMap((setting) => {
    const { field, type, defaultValue, whenEmpty = 'send' } = setting;
    if (seen.has(field.value)) {
      const message = `the field "${field.value}" is set twice`;
      tell(place, field.range, { code: 'FIELD_SET_TWICE', message, hint: 'keep one of the values' });
    }
    seen.add(field.value);
    if (module !== undefined) checkSetting(place, module, setting);
    const source = compileSource(place.context, place, setting.source);
    return source === undefined ? [] : [{ field: field.value, source, type, defaultValue, whenEmpty }];
  });
}

/**
 * Reports mandatory fields that a new record would lack: an error where the task always creates, a warning where it may
 * only update.
 */
export function checkMandatory(
  place: SettingPlace,
  params: {
    readonly module: ModuleDefinition | undefined;
    readonly sets: readonly FieldSetting[];
    /** Fields that a mapping fills; a mapping whose fields are not known may fill any. */
    readonly mapped: readonly string[] | undefined;
    readonly at: Range;
    readonly severity: 'error' | 'warning';
  },
): void {
  const { module, sets, mapped = [], at, severity } = params;
  const given = new Set([...mapped, ...sets.map((set) => set.field.value)]);
  const missing = (module?.fields ?? []).filter(
    (field) => isDemanded(field) && field.defaultValue === undefined && !given.has(field.name),
  );
  if (missing.length === 0) return;
  const names = missing.map((field) => field.name).join(', ');
  report(place.context, {
    code: 'FIELD_NOT_SET',
    message: `a new record of ${module?.name} needs a value for ${names}`,
    hint: `add ${missing.map((field) => `<set field="${field.name}" .../>`).join(' ')}`,
    severity,
    file: place.file,
    range: at,
  });
}

/** An owner that nobody named is the user that workflows act as. */
function isDemanded(field: FieldDefinition): boolean {
  return field.mandatory && !field.readOnly && field.type !== 'owner';
}

function checkSetting(place: SettingPlace, module: ModuleDefinition, { field, source, type }: FieldSetting): void {
  const known = module.fields.find((candidate) => candidate.name === field.value);
  if (known === undefined) {
    const names = module.fields.map((candidate) => candidate.name);
    const message = `module ${module.name} has no field "${field.value}" that can be set`;
    const hint = didYouMean(field.value, names) ?? `its fields are: ${names.join(', ')}`;
    return tell(place, field.range, { code: 'FIELD_UNKNOWN', message, hint });
  }
  if (source.kind !== 'value' || source.text === '' || (type !== undefined && type !== 'string')) return;
  const problem = literalProblem(known, source.text);
  if (problem === undefined) return;
  const message = `${known.name} ${problem}, and "${source.text.slice(0, 40)}" is none`;
  tell(place, source.at, { code: 'FIELD_VALUE_INVALID', message, hint: 'correct the value' });
}

function tell(
  place: SettingPlace,
  range: Range,
  problem: { readonly code: string; readonly message: string; readonly hint: string },
): void {
  report(place.context, { ...problem, file: place.file, range });
}

const FORMS: Readonly<Partial<Record<FieldDefinition['type'], readonly [form: RegExp, what: string]>>> = {
  integer: [/^[+-]?[0-9]+$/u, 'holds a whole number'],
  number: [/^[+-]?[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?$/iu, 'holds a number'],
  currency: [/^[+-]?[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?$/iu, 'holds an amount'],
  boolean: [/^(?:1|0|true|false|on|off|yes|no)$/iu, 'holds true or false'],
  date: [/^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?$/u, 'holds a date (YYYY-MM-DD)'],
  time: [/^[0-9]{1,2}:[0-9]{2}/u, 'holds a time (HH:MM:SS)'],
  datetime: [/^[0-9]{4}-[0-9]{2}-[0-9]{2}/u, 'holds a date and time (YYYY-MM-DD HH:MM:SS)'],
  email: [/^[^\s@]+@[^\s@]+$/u, 'holds an e-mail address'],
  reference: [/^[0-9]+x[0-9]+$/u, 'holds the id of a record'],
  owner: [/^[0-9]+x[0-9]+$/u, 'holds the id of a user'],
};

function literalProblem(field: FieldDefinition, text: string): string | undefined {
  if (field.type === 'picklist') {
    const options = field.options ?? [];
    return options.includes(text) ? undefined : `holds one of ${options.join(', ')}`;
  }
  const [form, what] = FORMS[field.type] ?? [];
  return form?.test(text) === false ? what : undefined;
}

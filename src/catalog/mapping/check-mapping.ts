import type { MappingDocument } from '../../document/mapping/mapping.ts';
import { type CompileContext, report } from '../compile-context.ts';
import type { CompiledFieldSetting } from '../task/field-setting.ts';

/** What a mapping may read: the record or row and what was handed over with it, wherever it is applied. */
const ROOTS: ReadonlySet<string> = new Set(['record', 'item', 'context', 'setting', 'user']);

/** Reports names that belong to a run or a call, and secrets: what a mapping gives is shown to whoever applies it. */
export function checkMappingNames(
  context: CompileContext,
  { file, fields: settings }: MappingDocument,
  fields: readonly CompiledFieldSetting[],
): void {
  for (const { field, source } of fields) {
    const other = source.references.find(
      ({ root, path }) => !ROOTS.has(root) || (root === 'setting' && path.length === 0),
    );
    const setting = settings.find((one) => one.field.value === field);
    if (other === undefined || setting === undefined) continue;
    const isWhole = other.root === 'setting';
    report(context, {
      code: 'SOURCE_UNAVAILABLE',
      message: isWhole
        ? `the field "${field}" reads all settings at once`
        : `the field "${field}" reads "${other.root}", which mappings do not have`,
      hint: isWhole
        ? 'name the setting: setting.NAME'
        : 'they have record, context, setting and user; set the field in the task',
      file,
      range: setting.range,
    });
  }
}

/** Reports target fields with dots: nobody could tell whether a name or a nesting is meant. */
export function checkTarget(context: CompileContext, { file, to, fields }: MappingDocument): void {
  for (const { field } of to === undefined ? fields : []) {
    const [outer, ...inner] = field.value.split('.');
    if (inner.length === 0) continue;
    report(context, {
      code: 'MAPPING_TARGET_DOTTED',
      message: `"${field.value}" is no field: a mapping fills fields of the record itself`,
      hint: `nest it: <set field="${outer}"><parameter name="${inner.join('.')}" .../></set>`,
      file,
      range: field.range,
    });
  }
}

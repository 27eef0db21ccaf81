import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';
import { escapeFor } from '../element-text.ts';

/** The module as a document, one line for each field, to be read and changed by people. */
export function renderModule(module: ModuleDefinition): string {
  const { name, label, prefix, title } = module;
  const head = attributes([
    ['xmlns', 'urn:mapwright:1'],
    ['name', name],
    ['label', label],
    ['prefix', prefix],
    ['title', title],
  ]);
  return [`<module${head}>`, ...module.fields.flatMap(renderField), '</module>', ''].join('\n');
}

function renderField(field: FieldDefinition): string[] {
  const { name, label, type, length, mandatory, readOnly, defaultValue, strict, references, options } = field;
  const head = attributes([
    ['name', name],
    ['label', label],
    ['type', type],
    ['length', length === undefined ? undefined : String(length)],
    ['mandatory', mandatory ? 'true' : undefined],
    ['read-only', readOnly ? 'true' : undefined],
    ['default', defaultValue],
    ['strict', strict === false ? 'false' : undefined],
    ['references', references?.join(' ')],
  ]);
  if (options === undefined) return [`  <field${head}/>`];
  const choices = options.map((value, index) => {
    const shown = field.optionLabels?.[index];
    return `    <option${attributes([
      ['value', value],
      ['label', shown === value ? undefined : shown],
    ])}/>`;
  });
  return [`  <field${head}>`, ...choices, '  </field>'];
}

function attributes(pairs: readonly (readonly [name: string, value: string | undefined])[]): string {
  return pairs.map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeFor(value, '"')}"`)).join('');
}

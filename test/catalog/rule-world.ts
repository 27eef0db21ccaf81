import assert from 'node:assert/strict';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { legacyMapType, withMapType } from '../../src/document/corebos/map-type.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { legacyMaps } from '../../src/engine/legacy/legacy-maps.ts';
import type {
  LegacyFieldType,
  LegacyMaps,
  LegacyModule,
  LegacyRow,
  LegacyServices,
} from '../../src/expression/legacy/services.ts';
import { findAmong } from '../../tools/conformance/memory-rows.ts';
import { ADMIN, memoryServices } from '../../tools/conformance/memory-world.ts';

const MODULE_TEXT = `<documents xmlns="urn:mapwright:1">
  <module name="Accounts" prefix="11" title="accountname">
    <field name="accountname" type="string" length="100"/><field name="employees" type="integer"/>
    <field name="parent_id" type="reference" references="Accounts"/><field name="account_no" type="string" length="20"/>
  </module>
  <module name="Discounts" prefix="71" title="category">
    <field name="category" type="string" length="50"/><field name="country" type="string" length="50"/>
    <field name="amount" type="number"/><field name="account_id" type="reference" references="Accounts"/>
  </module>
</documents>`;

const FIELDS: Readonly<Record<string, Readonly<Record<string, LegacyFieldType>>>> = {
  Accounts: { accountname: 'text', employees: 'integer', parent_id: 'reference', account_no: 'text' },
  Discounts: { category: 'text', country: 'text', amount: 'number', account_id: 'reference' },
};

function moduleOf(name: string, prefix: string, title: string): LegacyModule {
  const fields = Object.entries(FIELDS[name] ?? {}).map(
    ([field, type]) => [field, { name: field, label: field, type, targets: ['Accounts'] }] as const,
  );
  return { name, prefix, title, fields: new Map(fields) };
}

const row = (id: string, module: string, fields: Record<string, string>): LegacyRow => ({ id, module, fields });

const ROWS: readonly LegacyRow[] = [
  row('11x74', 'Accounts', { accountname: 'Chemex', employees: '500', parent_id: '11x75', account_no: 'ACC1' }),
  row('11x75', 'Accounts', { accountname: 'Rowley', employees: '5', parent_id: '', account_no: 'ACC2' }),
  row('71x1', 'Discounts', { category: 'A', country: 'ES', amount: '10', account_id: '11x74' }),
  row('71x2', 'Discounts', { category: 'A', country: '__IGNORE__', amount: '5', account_id: '' }),
  row('71x3', 'Discounts', { category: 'B', country: 'ES', amount: '7', account_id: '11x75' }),
];

/** Business maps by name, put in force in an install in memory; what is said of them is expected to be `told`. */
export function rulesOf(
  texts: Readonly<Record<string, string>>,
  told: readonly string[] = [],
  maxMs = 30_000,
): LegacyMaps {
  const { documents, codes } = compiled(texts);
  assert.deepEqual(codes, told);
  const services: LegacyServices = memoryServices({
    rows: ROWS,
    modules: [moduleOf('Accounts', '11', 'accountname'), moduleOf('Discounts', '71', 'category')],
    displayNames: { '11x74': 'Chemex', '11x75': 'Rowley' },
  });
  const records: LegacyServices['records'] = {
    ...services.records,
    async find({ equal = {}, ...search }) {
      const rows = ROWS.filter((one) => Object.entries(equal).every(([name, value]) => valueOf(one, name) === value));
      return findAmong(rows, search, { user: ADMIN, services: whole });
    },
  };
  const whole: LegacyServices = { ...services, records };
  return legacyMaps({ documents, services: () => whole, user: ADMIN, maxMs });
}

/** Codes of what is wrong with business maps; errors and warnings alike. */
export function codesOf(texts: Readonly<Record<string, string>>): readonly string[] {
  return compiled(texts).codes;
}

function compiled(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([name, text]) => readDocuments({ file: `${name}.xml`, text }));
  const modules = readDocuments({ file: 'modules.xml', text: MODULE_TEXT });
  const documents = [...files.flatMap((file) => file.documents), ...modules.documents];
  const { catalog, diagnostics } = compileCatalog(documents, 0);
  const all = [...files.flatMap((file) => file.diagnostics), ...diagnostics];
  return { documents: catalog, codes: all.map(({ code }) => code) };
}

function valueOf({ id, fields }: LegacyRow, name: string): string | undefined {
  return name === 'id' ? id : fields[name];
}

/** The text, forced to be of a type that coreBOS names. */
export function ofType(name: string, text: string): string {
  const type = legacyMapType(name);
  return type === undefined ? assert.fail(`no type ${name}`) : withMapType(text, type);
}

/** Account 11x74, as a map hands a record over. */
export const CHEMEX: JsonObject = { record_id: '74', record_module: 'Accounts' };

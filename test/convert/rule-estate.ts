import { compileCatalog } from '../../src/catalog/catalog.ts';
import { isSensitiveName } from '../../src/connector/sensitive-name.ts';
import type { ConvertedFile } from '../../src/convert/conversion.ts';
import { convertDocuments } from '../../src/convert/convert-documents.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { RecordValues } from '../../src/core/record.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { legacyMaps } from '../../src/engine/legacy/legacy-maps.ts';
import { legacyModule } from '../../src/engine/legacy/legacy-module.ts';
import { storedTexts } from '../../src/engine/legacy/stored-text.ts';
import type { LegacyRow } from '../../src/expression/legacy/services.ts';
import { ADMIN, memoryServices } from '../../tools/conformance/memory-world.ts';
import { ACCOUNTS } from './conversion-fixture.ts';

/** A module whose records are a table of prices. */
const PRICES = `<module xmlns="urn:mapwright:1" name="Prices" label="Prices" prefix="71" title="category">
  <field name="category" label="Category" type="string"/>
  <field name="country" label="Country" type="string"/>
  <field name="amount" label="Amount" type="number"/>
  <field name="active" label="Active" type="boolean"/>
  <field name="since" label="Since" type="date"/>
  <field name="account" label="Account" type="reference" references="Accounts"/>
</module>`;

/** By this workflow the rule is known to be asked about accounts. */
const ASKS = `<workflow xmlns="urn:mapwright:1" name="asks" module="Accounts"><trigger on="create"/><tasks>
  <expression id="ask"><set context="answer" rule="Tried"/></expression></tasks></workflow>`;

/** A coreBOS rule called `Size`, which others may name. */
const SIZE = "<map><expression>if employees > 100 then 'big' else '__DoesNotPass__' end</expression></map>";

const REST = [
  { file: 'Accounts.xml', text: ACCOUNTS },
  { file: 'Prices.xml', text: PRICES },
  { file: 'Size.xml', text: SIZE },
];

/** What becomes of a rule called `Tried`, in an estate that asks it about accounts. */
export function convertTried(text: string, options: { readonly keepTypes?: boolean } = {}): ConvertedFile {
  const sources = [{ file: 'Tried.xml', text }, { file: 'asks.xml', text: ASKS }, ...REST];
  const [converted] = convertDocuments(sources, { keepTypes: options.keepTypes ?? false, isSensitiveName });
  if (converted === undefined) throw new Error('nothing came of it');
  return converted;
}

/** What a rule called `Tried` answers about an account, beside the records of the table of prices. */
export async function askTried(
  text: string,
  world: { readonly account: RecordValues; readonly prices: readonly RecordValues[]; readonly values: JsonObject },
): Promise<Json | undefined> {
  const read = [{ file: 'Tried.xml', text }, ...REST].map((source) => readDocuments(source));
  const { catalog } = compileCatalog(
    read.flatMap(({ documents }) => documents),
    1,
  );
  const rowOf = (id: string, module: string, values: RecordValues): LegacyRow => ({
    id,
    module,
    fields: storedTexts(values, catalog.modules.get(module)?.fields ?? []),
  });
  const rows = [
    rowOf('11x74', 'Accounts', world.account),
    rowOf('11x3', 'Accounts', { accountname: 'Rowley' }),
    ...world.prices.map((values, index) => rowOf(`71x${index + 1}`, 'Prices', values)),
  ];
  const services = memoryServices({
    rows,
    modules: [...catalog.modules.values()].map(legacyModule),
    displayNames: { '11x3': 'Rowley' },
  });
  const maps = legacyMaps({ documents: catalog, services: () => services, user: ADMIN });
  return maps.evaluateRule('Tried', { record_id: '74', record_module: 'Accounts', ...world.values });
}

import { compileCatalog } from '../../src/catalog/catalog.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { RecordValues } from '../../src/core/record.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { legacyMaps } from '../../src/engine/legacy/legacy-maps.ts';
import { legacyModule } from '../../src/engine/legacy/legacy-module.ts';
import { rowOf } from '../../src/engine/legacy/stored-text.ts';
import type { LegacyServices } from '../../src/expression/legacy/services.ts';
import { ADMIN, memoryServices } from '../../tools/conformance/memory-world.ts';
import { ACCOUNTS, type Part } from './conversion-fixture.ts';

/** A field of a mapping: its Orgfields, or one constant. */
export interface MappingField {
  readonly name: string;
  readonly parts: readonly Part[];
  readonly delimiter?: string;
}

const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

const partText = ([text, id = '', postProcess]: Part): string =>
  `<Orgfield><OrgfieldName>${cdata(text)}</OrgfieldName><OrgfieldID>${id}</OrgfieldID>${
    postProcess === undefined ? '' : `<postProcess>${postProcess}</postProcess>`
  }</Orgfield>`;

/** A coreBOS mapping. */
export function mappingText(
  fields: readonly MappingField[],
  modules: { readonly from?: string; readonly to?: string } = {},
): string {
  const { from = 'Accounts', to = '' } = modules;
  const written = fields.map(
    ({ name, parts, delimiter = '' }) =>
      `<field><fieldname>${name}</fieldname><Orgfields>${parts.map(partText).join('')}<delimiter>${cdata(delimiter)}</delimiter></Orgfields></field>`,
  );
  return `<map><originmodule><originname>${from}</originname></originmodule><targetmodule><targetname>${to}</targetname></targetmodule>
<fields>${written.join('')}</fields></map>`;
}

/** What the mapping `M` in this text makes of a stored account, with values over it; or of values alone. */
export async function applied(
  text: string,
  { record, values }: { readonly record?: JsonObject; readonly values: JsonObject },
): Promise<JsonObject | undefined> {
  const documents = [ACCOUNTS, text].flatMap(
    (one, index) => readDocuments({ file: index === 0 ? 'Accounts.xml' : 'M.xml', text: one }).documents,
  );
  const { catalog } = compileCatalog(documents, 0);
  const modules = [...catalog.modules.values()];
  const rows = [record, { id: '11x3', accountname: 'Parent' }].flatMap((one) => {
    const [module] = modules;
    return one === undefined || module === undefined ? [] : [rowOf(imageOf(one), module)];
  });
  const services: LegacyServices = memoryServices({
    modules: modules.map(legacyModule),
    rows,
    displayNames: { '11x3': 'Parent' },
  });
  const maps = legacyMaps({ documents: catalog, services: () => services, user: ADMIN });
  const named = record === undefined ? {} : { record_id: record['id'] as Json };
  return maps.applyMapping('M', { ...values, ...named });
}

function imageOf({ id, ...values }: JsonObject): Parameters<typeof rowOf>[0] {
  return {
    id: String(id),
    module: 'Accounts',
    version: 1,
    values: values as RecordValues,
    createdAt: 0,
    modifiedAt: 0,
    createdBy: '19x1',
    modifiedBy: '19x1',
  };
}

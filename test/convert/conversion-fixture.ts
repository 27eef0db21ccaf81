import { isSensitiveName } from '../../src/connector/sensitive-name.ts';
import type { ConvertedFile } from '../../src/convert/conversion.ts';
import { convertDocuments } from '../../src/convert/convert-documents.ts';

/** A module with a field of every type. */
export const ACCOUNTS = `<module xmlns="urn:mapwright:1" name="Accounts" label="Accounts" prefix="11" title="accountname">
  <field name="accountname" label="Name" type="string"/>
  <field name="note" label="Note" type="text"/>
  <field name="employees" label="Employees" type="integer"/>
  <field name="revenue" label="Revenue" type="currency"/>
  <field name="active" label="Active" type="boolean"/>
  <field name="since" label="Since" type="date"/>
  <field name="met" label="Met" type="datetime"/>
  <field name="rating" label="Rating" type="picklist" strict="false"><option value="Hot"/></field>
  <field name="parent" label="Parent" type="reference" references="Accounts"/>
</module>`;

/** One Orgfield: its OrgfieldName, OrgfieldID and postProcess. */
export type Part = readonly [text: string, id?: string, postProcess?: string];

export interface MapText {
  readonly fields?: readonly { readonly name: string; readonly parts: readonly Part[]; readonly delimiter?: string }[];
  readonly url?: string;
  readonly method?: string;
  readonly input?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Elements of the `<Response>`. */
  readonly response?: string;
  /** Further elements of the `wsconfig`. */
  readonly config?: string;
}

function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** A coreBOS map. */
export function mapText({ fields = [], headers = [], config = '', ...map }: MapText): string {
  const part = ([text, id = '', postProcess]: Part): string =>
    `<Orgfield><OrgfieldName>${cdata(text)}</OrgfieldName><OrgfieldID>${id}</OrgfieldID>${
      postProcess === undefined ? '' : `<postProcess>${postProcess}</postProcess>`
    }</Orgfield>`;
  return `<map><originmodule><originname>Accounts</originname></originmodule>
<wsconfig><wsurl>${cdata(map.url ?? 'https://erp.example.com/in')}</wsurl><wshttpmethod>${map.method ?? 'POST'}</wshttpmethod>
<wsheader>${headers.map(([name, value]) => `<header><keyname>${name}</keyname><keyvalue>${cdata(value)}</keyvalue></header>`).join('')}</wsheader>
<wstype>REST</wstype><inputtype>${map.input ?? 'JSON'}</inputtype><outputtype>JSON</outputtype>${config}</wsconfig>
<fields>${fields
    .map(
      ({ name, parts, delimiter = '' }) =>
        `<field><fieldname>${name}</fieldname><Orgfields>${parts.map(part).join('')}<delimiter>${delimiter}</delimiter></Orgfields></field>`,
    )
    .join('')}</fields>
<Response>${map.response ?? ''}</Response></map>`;
}

/** What becomes of a map called `M`, beside the module. */
export function convertOne(
  text: string,
  options: { readonly keepTypes?: boolean; readonly module?: boolean } = {},
): ConvertedFile {
  const sources = [
    { file: 'M.xml', text },
    ...(options.module === false ? [] : [{ file: 'Accounts.xml', text: ACCOUNTS }]),
  ];
  const [converted] = convertDocuments(sources, { keepTypes: options.keepTypes ?? false, isSensitiveName });
  if (converted === undefined) throw new Error('nothing came of it');
  return converted;
}

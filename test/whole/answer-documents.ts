import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';

/** A module of products to be taken in, and one whose records start it. */
const STOCK_MODULES: readonly SourceFile[] = [
  nativeDocument(
    'module',
    'name="Imports" prefix="60" title="name"',
    `<field name="name" type="string" length="40"/><field name="total" type="integer"/><field name="first" type="string" length="40"/>`,
  ),
  nativeDocument(
    'module',
    'name="Stock" prefix="61" title="code"',
    `<field name="code" type="string" length="12" mandatory="true"/><field name="title" type="string" length="60"/>
     <field name="amount" type="integer"/><field name="due" type="date"/><field name="seen" type="datetime"/>`,
  ),
];

/** What fills one product. */
export const STOCK_SETS = `<set field="code" path="code"/><set field="title" path="title" optional="true"/>
  <set field="amount" path="n" type="integer" optional="true"/>`;

/** A workflow that calls the map `list`, with this call and this response. */
export function stockMap(
  peer: { readonly url: string },
  {
    call = '<call method="GET" path="/list"/>',
    response,
    plan = '',
  }: { readonly call?: string; readonly response: string; readonly plan?: string },
): SourceFile[] {
  return [
    ...STOCK_MODULES,
    nativeDocument('service', `name="shop" url="${peer.url}"`, plan),
    nativeDocument('map', 'name="list" module="Imports" service="shop"', `${call}${response}`),
    nativeDocument(
      'workflow',
      'name="take" module="Imports"',
      '<trigger on="create"/><tasks><webservice id="list" map="list"/></tasks>',
    ),
  ];
}

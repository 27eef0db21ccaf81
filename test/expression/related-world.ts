import assert from 'node:assert/strict';
import type { Json } from '../../src/core/json.ts';
import { compileLegacy } from '../../src/expression/legacy/legacy.ts';
import type { LegacyFieldType, LegacyModule, LegacyRow, LegacyServices } from '../../src/expression/legacy/services.ts';
import {
  memoryEnvironment,
  memoryServices,
  type WorldContent,
  type WorldView,
} from '../../tools/conformance/memory-world.ts';

function module(
  name: string,
  prefix: string,
  title: string,
  types: Readonly<Record<string, LegacyFieldType | { readonly to: string }>>,
): LegacyModule {
  const fields = Object.entries(types).map(([field, type]) => {
    const known = typeof type === 'string' ? { type, targets: [] } : { type: 'reference' as const, targets: [type.to] };
    return [field, { name: field, label: field, ...known }] as const;
  });
  return { name, prefix, title, fields: new Map(fields) };
}

const MODULES = [
  module('Accounts', '11', 'accountname', {
    accountname: 'text',
    email1: 'text',
    bill_city: 'text',
    bill_country: 'text',
  }),
  module('Potentials', '13', 'potentialname', {
    potentialname: 'text',
    related_to: { to: 'Accounts' },
    amount: 'currency',
    probability: 'number',
    sales_stage: 'picklist',
    closingdate: 'date',
    worked: 'time',
    campaign: { to: 'Campaigns' },
  }),
  module('Campaigns', '31', 'campaignname', { campaignname: 'text' }),
];

function potential(number: number, fields: Readonly<Record<string, string>>): LegacyRow {
  return { id: `13x${number}`, module: 'Potentials', fields: { related_to: '11x74', campaign: '', ...fields } };
}

/** The account that expressions belong to. */
export const ACCOUNT = {
  accountname: 'Chemex',
  email1: 'a@chemex.example',
  bill_city: 'Lyon',
  bill_country: 'France',
  ship_city: 'Paris',
};

/** The account, another one, and what refers to them. */
export const ROWS: readonly LegacyRow[] = [
  { id: '11x74', module: 'Accounts', fields: ACCOUNT },
  { id: '11x75', module: 'Accounts', fields: { ...ACCOUNT, accountname: 'Other', email1: 'b@other.example' } },
  potential(1, {
    potentialname: 'One',
    amount: '10.5',
    probability: '20',
    sales_stage: 'Won',
    closingdate: '2025-01-02',
    worked: '10:30:00',
  }),
  potential(2, {
    potentialname: 'Two',
    amount: '20',
    probability: '50',
    sales_stage: 'Won',
    closingdate: '2025-03-04',
    worked: '20:45:30',
    campaign: '31x5',
  }),
  potential(3, {
    potentialname: 'Three',
    amount: '',
    probability: '80',
    sales_stage: 'Lost',
    closingdate: '',
    worked: '',
  }),
  potential(4, { potentialname: 'Elsewhere', amount: '99', sales_stage: 'Won', related_to: '11x75' }),
];

/** What a geocoder that knows two cities, a router and a tax office answer. */
export async function answerOfServers(address: string): Promise<string> {
  const url = new URL(address);
  if (url.host === 'router.example') return '{"routes":[{"distance":465300}]}';
  if (url.pathname.endsWith('/vat/12345678')) return '{"isValid":true}';
  if (url.pathname.endsWith('/vat/999999')) return '{"isValid":false,"userError":"INVALID"}';
  if (url.host !== 'geo.example') return '{"isValid":false,"userError":"MS_UNAVAILABLE"}';
  const place = url.searchParams.get('q') ?? '';
  if (place.includes('Lyon')) return '[{"lat":"45.75","lon":"4.85"}]';
  return place.includes('Paris') ? '[{"lat":"48.85","lon":"2.35"}]' : '[]';
}

/** An account with three potentials, and another one. */
export function relatedServices(content: WorldContent = {}): LegacyServices {
  const displayNames = { '31x5': 'Spring', '11x74': 'Chemex' };
  return memoryServices({ modules: MODULES, rows: ROWS, displayNames, ...content });
}

/** The value of an expression on the account; rejects as the expression does. */
export function onAccount(text: string, services = relatedServices(), view: WorldView = {}): Promise<Json> {
  const compiled = compileLegacy(text);
  assert.ok(compiled.ok, compiled.ok ? '' : `${text}: ${compiled.problem.message}`);
  const own = { recordId: '11x74', module: 'Accounts', record: ACCOUNT };
  return compiled.value.evaluate(memoryEnvironment({ ...own, ...view }, services));
}

/** The same where there is no stored record. */
export function withoutRecord(text: string, mode: 'stub' | 'none'): Promise<Json> {
  const compiled = compileLegacy(text);
  assert.ok(compiled.ok);
  return compiled.value.evaluate(memoryEnvironment({ mode }, relatedServices()));
}

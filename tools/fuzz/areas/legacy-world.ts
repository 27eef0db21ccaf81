import { type Catalog, compileCatalog } from '../../../src/catalog/catalog.ts';
import { hasErrors } from '../../../src/core/diagnostic.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Document } from '../../../src/document/document.ts';
import { readDocuments } from '../../../src/document/read-documents.ts';
import { legacyMaps } from '../../../src/engine/legacy/legacy-maps.ts';
import type { LegacyEnvironment } from '../../../src/expression/legacy/environment.ts';
import type { LegacyMaps, LegacyServices } from '../../../src/expression/legacy/services.ts';
import { ADMIN, memoryEnvironment, memoryServices, PREFERENCES } from '../../conformance/memory-world.ts';
import { ACCOUNT, BUSINESS_MAPS, FIELD_TYPES, GROUPS, MODULE_DOCUMENTS, MODULES, ROWS } from './legacy-stock.ts';

/** What the record and the variables of a run are, frozen through and through: an evaluation that changes them throws. */
const RECORD = frozen<JsonObject>({ ...ACCOUNT.fields, empty: '', none: null, tags: ['a', 'b'] });
const CONTEXT = frozen<JsonObject>({
  token: 'T1',
  count: 3,
  lines: [
    { sku: 'A', qty: 2, tags: ['x'] },
    { sku: 'B', qty: 3, price: '1.50' },
  ],
  customer: { id: '11x75', address: { city: 'Ávila' } },
});
const SETTINGS = {
  geocoder_url: 'https://geo.example/search',
  tax_VAT: '21',
  currency_EUR: '1.10',
  counter: '7',
};
const SECOND_USER = {
  ...ADMIN,
  id: '19x5',
  name: 'ana',
  fullName: 'Ana Söhne',
  isAdmin: false,
  preferences: {
    ...PREFERENCES,
    dateFormat: 'dd-mm-yyyy',
    decimalSeparator: ',',
    groupingSeparator: '.',
    timeZone: 'Europe/Madrid',
  },
} as const;

/** Documents of an install in memory, put in force; `more` are tried beside those of the stock. */
export interface LegacyWorld {
  /** A record of the world as an expression sees it. Each has settings and messages of its own, all the same. */
  environment(mode: LegacyEnvironment['mode']): LegacyEnvironment;
  /** The business maps in force, on records of the world. */
  maps(): LegacyMaps;
}

/** The documents of the stock: modules and business maps of every kind. Throws when one of them has errors. */
export function stockDocuments(): readonly Document[] {
  const texts = { ...BUSINESS_MAPS, modules: MODULE_DOCUMENTS };
  const read = Object.entries(texts).map(([name, text]) => readDocuments({ file: `${name}.xml`, text }));
  const diagnostics = read.flatMap((one) => one.diagnostics);
  if (hasErrors(diagnostics)) throw new Error(diagnostics.map(({ file, message }) => `${file} ${message}`).join('; '));
  return read.flatMap((one) => one.documents);
}

/** The world of the stock alone. */
export function openLegacyWorld(): LegacyWorld {
  const { catalog, diagnostics } = compileCatalog(stockDocuments(), 1);
  if (hasErrors(diagnostics)) throw new Error(diagnostics.map(({ file, message }) => `${file} ${message}`).join('; '));
  return worldOf(catalog);
}

/** A world in which these documents are in force. */
export function worldOf(catalog: Catalog): LegacyWorld {
  const services = (): LegacyServices => {
    const plain: LegacyServices = memoryServices({
      modules: MODULES,
      rows: ROWS,
      users: [SECOND_USER],
      groups: GROUPS,
      settings: SETTINGS,
      displayNames: { '11x74': 'Chemex "M8"', '11x75': 'Rowley', '20x3': 'Sales' },
      install: { siteUrl: 'https://a.example', request: { id: '7' } },
      getText: (url) => Promise.resolve(answerOf(url)),
    });
    const whole: LegacyServices = {
      ...plain,
      maps: legacyMaps({ documents: catalog, services: () => whole, user: ADMIN }),
    };
    return whole;
  };
  return {
    environment: (mode) => {
      const view = { recordId: ACCOUNT.id, module: ACCOUNT.module, fieldTypes: FIELD_TYPES, user: SECOND_USER };
      return memoryEnvironment({ ...view, mode, record: RECORD, context: CONTEXT }, services());
    },
    maps: () => services().maps,
  };
}

/** Servers that know some places, answer nonsense at times, and know one tax number. */
function answerOf(url: string): string {
  if (url.includes('/vat/')) return '{"isValid":true}';
  if (url.includes('nowhere')) return '[]';
  return url.length % 7 === 0 ? '<html>' : '[{"lat":"40.4","lon":"-3.7"}]';
}

/** The value with all that is in it, unchangeable. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}

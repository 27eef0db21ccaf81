import { type Catalog, compileCatalog } from '../../../src/catalog/catalog.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { Document } from '../../../src/document/document.ts';
import { readDocuments } from '../../../src/document/read-documents.ts';
import type { LegacyMaps } from '../../../src/expression/legacy/services.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { BUSINESS_MAP_GRAMMAR } from '../generate/business-map-grammar.ts';
import { HOSTILE_TEXTS, hostileText } from '../generate/hostile-text.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { checkValue } from './checked-value.ts';
import { BUSINESS_MAPS } from './legacy-stock.ts';
import { stockDocuments, worldOf } from './legacy-world.ts';
import { checkDiagnostics } from './told-diagnostic.ts';
import { checkRefusal } from './told-problem.ts';

interface MapInput {
  readonly text: string;
  /** What it is asked with. */
  readonly values: JsonObject;
}

const NAME = 'Tried';
const FILE = `${NAME}.xml`;
const RUNNING = /^(?:EXPRESSION|RULE|MODULE|CONDITION|CALL|TEMPLATE|MAPPING|PARAMETER)_[A-Z_]+$/u;
const VALUES: readonly Json[] = [
  '7',
  3,
  'A',
  "it's",
  '',
  null,
  true,
  '11x74',
  [1, 2],
  { a: { b: 1 } },
  '$[count]',
  '1e400',
];
const NAMES = [
  'count',
  'token',
  'name',
  'a',
  'A',
  'lines',
  'customer',
  'employees',
  'account_id',
  '__proto__',
  'constructor',
];

const texts = Object.values(BUSINESS_MAPS);
const mutator = new Mutator({
  texts,
  words: [
    ...HOSTILE_TEXTS,
    '$[count]',
    '<rule>',
    '</rule>',
    '<condition>',
    'hitPolicy',
    'G',
    'count',
    'recordset',
    '?',
    ' AND ',
  ],
  brackets: [
    ['<a>', '</a>'],
    ['<rule>', '</rule>'],
    ['<condition>', '</condition>'],
    ['(', ')'],
    ['a.', ''],
    ['<!--', '-->'],
  ],
});

/** Rules, mappings, record sets and information maps: read, compiled and asked. */
export const AREA: Area = {
  name: 'business-maps',
  // An expression of a rule may take its second.
  limitMs: 1500,
  generate(random): Json {
    const text = random.weighted([
      [2, (one: Random) => mutator.mutated(one)],
      [7, (one: Random) => BUSINESS_MAP_GRAMMAR.expand(one, 'document', 60)],
      [1, (one: Random) => mutator.mutate(one, BUSINESS_MAP_GRAMMAR.expand(one, 'document', 40))],
    ])(random);
    return { text, values: valuesOf(random) };
  },
  open: () => Promise.resolve(new MapTarget()),
};

function valuesOf(random: Random): Json {
  const record = random.pick([
    { record_id: '74', record_module: 'Accounts' },
    { record_id: '12x2' },
    { record_id: '11x9' },
    {},
  ]);
  const names = Array.from({ length: random.below(5) }, () => random.pick(NAMES));
  const values = names.map((name) => [name, random.oneIn(4) ? hostileText(random) : random.pick(VALUES)] as const);
  return { ...Object.fromEntries(values), ...record };
}

class MapTarget implements Target {
  readonly #stock: readonly Document[] = stockDocuments();

  async judge(input: Json): Promise<Verdict> {
    const { text, values } = input as unknown as MapInput;
    const read = readDocuments({ file: FILE, text });
    const { catalog, diagnostics } = compileCatalog([...this.#stock, ...read.documents], 1);
    const told = [...read.diagnostics, ...diagnostics].filter(({ file }) => file === FILE);
    checkDiagnostics(told, { file: FILE, text });
    if (told.some(({ severity }) => severity === 'error')) return 'refused';
    return this.#ask(catalog, { text, values });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #ask(catalog: Catalog, { values, text }: MapInput): Promise<Verdict> {
    const ask = async (maps: LegacyMaps): Promise<Json> => ({
      rule: (await maps.evaluateRule(NAME, values)) ?? null,
      mapping: (await maps.applyMapping(NAME, values)) ?? null,
      records: [...((await maps.records(NAME, values, 'Lines')) ?? [])],
      information: [...((await maps.information(NAME)) ?? [])],
    });
    try {
      const first = checkValue(await ask(worldOf(catalog).maps()));
      const again = checkValue(await ask(worldOf(catalog).maps()));
      promise(first === again, () => `asked twice: ${first?.slice(0, 500)} and ${again?.slice(0, 500)}, of ${text}`);
      return 'accepted';
    } catch (thrown) {
      return checkRefusal(thrown, RUNNING);
    }
  }
}

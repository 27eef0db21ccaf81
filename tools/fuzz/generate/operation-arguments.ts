import { hostileText } from './hostile-text.ts';
import { INJECTIONS } from './injections.ts';
import { QUERY_GRAMMAR } from './query-grammar.ts';
import type { Random } from './random.ts';

/** Parameters by name; what is no text is sent as JSON. */
export type OperationArguments = Record<string, unknown>;

const MODULES = ['Products', 'Products', 'Vendors', 'Orders', 'Users', 'Groups', 'Nope', 'products', ''];
const RULES = ['SizeRule', 'VendorNames', 'nope', '__proto__', ''];
const SETTINGS = ['color', 'fuzz_a', 'fuzz_b', '__proto__', 'a b', ''];
const PAGES: readonly unknown[] = [
  {},
  { limit: 2, offset: 1 },
  { columns: ['productname', 'id'], orderby: ['productname desc'] },
  { columns: 'x', limit: -1 },
  { orderby: ['nope; drop'] },
  [],
];
const FIELD_NAMES = ['productname', 'vendorname', 'order_no', 'unit_price', 'nope', '*', '__proto__'];

type Arguments = (random: Random) => OperationArguments;

/** What the operations take that neither make nor change a record by its element. */
const ARGUMENTS: Readonly<Record<string, Arguments>> = {
  query: (random) => ({ query: random.oneIn(3) ? random.pick(INJECTIONS) : QUERY_GRAMMAR.expand(random, 'query', 20) }),
  retrieve: (random) => ({ id: recordId(random) }),
  delete: (random) => ({ id: recordId(random) }),
  massretrieve: (random) => ({ ids: `${recordId(random)},${recordId(random)}` }),
  massdelete: (random) => ({
    ids: random.oneIn(3) ? [recordId(random), 1] : `${recordId(random)},,${recordId(random)}`,
  }),
  login: (random) => ({ username: 'admin', accessKey: hostileText(random) }),
  getchallenge: (random) => ({ username: random.oneIn(2) ? 'admin' : hostileText(random) }),
  setrelation: (random) => ({ relate_this_id: recordId(random), with_these_ids: idList(random) }),
  unsetrelation: (random) => ({ unrelate_this_id: recordId(random), with_these_ids: idList(random) }),
  getrelatedrecords: (random) => ({ ...relatedArguments(random) }),
  getrelatedrecordsthroughmodule: (random) => ({ ...relatedArguments(random), bridgeModule: random.pick(MODULES) }),
  executeworkflow: (random) => ({ workflow: random.pick(['nope', '', '1x1']), entities: idList(random) }),
  executeworkflowwithcontext: (random) => ({
    workflow: random.pick(['nope', '']),
    entities: idList(random),
    context: random.pick(['{}', '{"a":1}', '[', 'x']),
  }),
  cbrule: (random) => ({
    conditionid: random.pick(RULES),
    context: random.oneIn(2)
      ? recordId(random)
      : { record_id: recordId(random), quantity: '7', name: hostileText(random) },
  }),
  processmap: (random) => ({
    mapid: random.pick(['RowMap', 'SizeRule', 'nope']),
    parameters: { infields: { record_id: recordId(random), a: hostileText(random) }, outfields: {} },
  }),
  getsetting: (random) => ({ key: random.pick(SETTINGS), default: hostileText(random) }),
  setsetting: (random) => ({ key: random.pick(SETTINGS), value: hostileText(random) }),
  delsetting: (random) => ({ key: random.pick(SETTINGS) }),
  getfieldautocomplete: (random) => ({
    term: random.oneIn(2) ? 'Bolt' : random.pick(INJECTIONS),
    filter: random.pick(['startswith', 'contains', 'eq', 'x']),
    searchinmodule: random.pick(MODULES),
    fields: random.pick(FIELD_NAMES),
    returnfields: `${random.pick(FIELD_NAMES)},${random.pick(FIELD_NAMES)}`,
    limit: random.pick(['5', '-1', 'x', '99999999999', '']),
  }),
  getreferenceautocomplete: (random) => ({
    term: random.oneIn(2) ? 'Vendor' : hostileText(random),
    filter: random.pick(['startswith', 'contains']),
    searchinmodules: `${random.pick(MODULES)},${random.pick(MODULES)}`,
    limit: '7',
  }),
  getuitype: (random) => ({ module: random.pick(MODULES), fieldname: random.pick(FIELD_NAMES) }),
  getreferencevalue: (random) => ({
    id: random.oneIn(2) ? JSON.stringify([recordId(random), recordId(random)]) : idList(random),
  }),
  getpicklistvalues: (random) => ({ module: random.pick(MODULES) }),
  getassigneduserlist: (random) => ({ module: random.pick(MODULES) }),
  getassignedgrouplist: (random) => ({ module: random.pick(MODULES) }),
  getallusers: () => ({}),
  getmaxloadsize: () => ({}),
  getqueuedoperationresult: (random) => ({ operationTrackingID: hostileText(random) }),
  listtypes: (random) => ({ fieldTypeList: random.pick(['', '["string"]', 'reference', '[', '{}']) }),
  extendsession: () => ({}),
};

/** Their names. */
export const PLAIN_OPERATIONS: readonly string[] = Object.keys(ARGUMENTS);

/** What the operation takes; undefined for one that takes something else. */
export function plainArguments(random: Random, operation: string): OperationArguments | undefined {
  return Object.hasOwn(ARGUMENTS, operation) ? ARGUMENTS[operation]?.(random) : undefined;
}

/** Products, vendors and orders of the stock; at times something that is no id. */
export function recordId(random: Random): string {
  if (random.oneIn(8)) return random.oneIn(2) ? random.pick(INJECTIONS) : hostileText(random);
  if (random.oneIn(5)) return `15x${random.between(282, 345)}`;
  return random.oneIn(5) ? `18x${random.between(1, 40)}` : `14x${random.between(41, 290)}`;
}

function idList(random: Random): unknown {
  const ids = Array.from({ length: random.below(4) }, () => recordId(random));
  return random.pick([ids, ids.join(','), JSON.stringify(ids), ids[0] ?? '']);
}

function relatedArguments(random: Random): OperationArguments {
  return {
    id: recordId(random),
    module: random.pick(MODULES),
    relatedModule: random.pick(MODULES),
    queryParameters: random.pick(PAGES),
  };
}

import { memoryEnvironment } from '../../tools/conformance/memory-world.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { TemplateEnvironment } from '../../src/expression/environment.ts';
import type { LegacyEnvironment } from '../../src/expression/legacy/environment.ts';

/** An order as a workflow has it. */
export const RECORD = {
  order_no: 'SO-1042',
  account: 'Söhne & Co',
  status: 'Open',
  total: 1250.5,
  discount: 12.5,
  lines: [
    { sku: 'M8', quantity: 100, price: 0.12 },
    { sku: 'M10', quantity: 40, price: 0.31 },
    { sku: 'M12', quantity: 12, price: 0.55 },
  ],
} satisfies JsonObject;

/** An answer's body, as an output path walks it. */
export const BODY = {
  success: true,
  result: {
    items: [
      { id: '14x7', links: { 'self.href': '/14x7' } },
      { id: '14x8', links: { 'self.href': '/14x8' } },
    ],
  },
} satisfies JsonObject;

/** What earlier tasks left. */
export const CONTEXT = { peer_session: 'session1' };
const USER = { id: '19x1', name: 'admin' };

export const ENVIRONMENT: TemplateEnvironment = {
  values: {
    record: RECORD,
    previous: {},
    changed: [],
    context: CONTEXT,
    input: {},
    user: USER,
    run: { id: 7 },
    setting: { region: 'eu' },
  },
  ambience: { now: 1_700_000_000_000, timeZone: 'UTC', seed: 'bench' },
  parameter: () => undefined,
  secret: () => undefined,
  step: { key: 'bench-7-create' },
  related: {},
};

const FIELDS: Readonly<Record<string, string | number>> = {
  order_no: RECORD.order_no,
  account: RECORD.account,
  total: RECORD.total,
};

export const LEGACY_ENVIRONMENT: LegacyEnvironment = {
  ...memoryEnvironment(),
  field: (name) => FIELDS[name],
  related: () => undefined,
  record: RECORD,
  context: { values: () => CONTEXT, set: () => undefined },
};

import type { Ambience, Environment, TemplateEnvironment } from '../../src/expression/environment.ts';

/** Friday 2025-03-14T10:20:30.123Z. */
export const AMBIENCE: Ambience = {
  now: Date.UTC(2025, 2, 14, 10, 20, 30, 123),
  timeZone: 'Europe/Madrid',
  seed: 'run-1',
};

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}

/** Frozen through and through, so that a test fails when an evaluation changes it. */
export const ENVIRONMENT: Environment = freeze({
  record: { name: 'Bolt "M8" & Söhne', price: 1.5, empty: '', none: null, account_id: '11x74' },
  previous: { name: 'Bolt' },
  changed: ['name'],
  context: {
    token: 'T1',
    lines: [
      { sku: 'A', qty: 2 },
      { sku: 'B', qty: 3 },
    ],
  },
  input: {},
  user: { id: '19x1' },
  run: { id: 7 },
  setting: { head_office_url: 'https://b.example' },
  response: { status: 200, headers: { etag: 'x' }, body: { success: false, error: { code: 'NOPE' } }, text: '{}' },
});

/** The same for templates, with one parameter and one secret. */
export const TEMPLATE_ENVIRONMENT: TemplateEnvironment = {
  values: ENVIRONMENT,
  ambience: AMBIENCE,
  parameter: (name) => (name === 'codcliente' ? 'C 1/2' : undefined),
  secret: (name) => (name === 'key' ? 's3cret' : undefined),
  step: { key: '7-create' },
  related: { 'account_id.accountname': 'Rowley' },
};

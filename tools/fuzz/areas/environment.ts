import type { Ambience, Environment } from '../../../src/expression/environment.ts';

/** Sunday 2026-03-01T12:00:00Z. */
export const AMBIENCE: Ambience = { now: Date.UTC(2026, 2, 1, 12), timeZone: 'Europe/Madrid', seed: 'fuzz' };

/** A small environment, frozen through and through: an evaluation that changes it throws. */
export const ENVIRONMENT: Environment = frozen({
  record: { name: 'Bolt "M8" C:\\n & Söhne', price: 1.5, empty: '', none: null, account_id: '11x74' },
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
  response: {
    status: 200,
    headers: { etag: 'x' },
    body: { success: false, error: { code: 'NOPE' }, items: [1, 2, 3] },
    text: '{}',
  },
});

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}

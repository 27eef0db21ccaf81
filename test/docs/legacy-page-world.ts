import type { JsonObject } from '../../src/core/json.ts';
import type { Environment } from '../../src/expression/environment.ts';
import { type LegacyEnvironment, throwawayContext } from '../../src/expression/legacy/environment.ts';
import { toLegacyText } from '../../src/expression/legacy/value.ts';
import { ADMIN, memoryEnvironment } from '../../tools/conformance/memory-world.ts';
import { answerOfServers, relatedServices, ROWS } from '../expression/related-world.ts';

const USER = { ...ADMIN, fields: { ...ADMIN.fields, address_city: 'Paris' } };
const CONTACT = { id: '12x9', module: 'Contacts', fields: { mailingcity: 'Lyon', othercity: 'Paris' } };

/**
 * The install that the examples of the page reach: an account with three potentials, a contact, a user in Paris, a group,
 * a rule, a mapping, a geocoder and a tax office. `values` are those of the cell "with".
 */
export function pageEnvironment({ record, context, setting }: Environment, related: JsonObject): LegacyEnvironment {
  const settings = Object.entries(setting).map(([name, value]) => [name, toLegacyText(value)]);
  const services = relatedServices({
    rows: [...ROWS, CONTACT],
    users: [USER],
    groups: { Support: { id: '20x3', members: ['19x1'] } },
    settings: Object.fromEntries(settings),
    getText: answerOfServers,
    maps: {
      evaluateRule: async (name) => (name === 'score' ? 7 : undefined),
      applyMapping: async (name, values) => (name === 'to-sku' ? { sku: values['code'] ?? '' } : undefined),
    },
  });
  return {
    ...memoryEnvironment({ recordId: '11x74', module: 'Accounts', record, user: USER }, services),
    field: (name) => record[name] ?? (name === 'id' ? '11x74' : undefined),
    related: ({ field, target }) => related[`${field}.${target}`],
    record,
    context: throwawayContext(context),
  };
}

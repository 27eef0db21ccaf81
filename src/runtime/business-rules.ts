import { randomUUID } from 'node:crypto';
import type { BusinessRules, RuleCall } from '../core/business-rules.ts';
import type { JsonObject } from '../core/json.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { legacyServices } from '../engine/legacy/legacy-services.ts';
import { legacyUser, unknownUser } from '../engine/legacy/legacy-user.ts';
import type { LegacyServices } from '../expression/legacy/services.ts';

/**
 * The rules and mappings in force, asked by somebody instead of by a run: nothing is kept of it, also not of the settings and
 * messages that their expressions change, which not everybody who asks may change.
 */
export function createBusinessRules(engine: Engine, catalog: () => Catalog): BusinessRules {
  return {
    async evaluate({ name, values, user }) {
      const { maps } = await servicesFor(engine, catalog(), user);
      return maps.evaluateRule(name, values);
    },
    async process(call) {
      const services = await servicesFor(engine, catalog(), call.user);
      const made = await services.maps.applyMapping(call.name, await valuesBeneath(services, call));
      return made ?? services.maps.information(call.name);
    },
  };
}

/** A mapping reads the record's own fields, and what is given besides. */
async function valuesBeneath(services: LegacyServices, { values }: RuleCall): Promise<JsonObject> {
  const { record_id: id } = values;
  const row = typeof id === 'string' ? await services.records.read(id) : undefined;
  return row === undefined ? values : { ...row.fields, record_module: row.module, ...values };
}

async function servicesFor(engine: Engine, documents: Catalog, userId: string): Promise<LegacyServices> {
  const { reach, clock, timeZone } = engine;
  const known = await reach.people.userById(userId);
  const key = randomUUID();
  return legacyServices({
    reach,
    permission: 'trial',
    ambience: { now: clock.now(), timeZone, seed: key },
    key,
    user: known === undefined ? unknownUser({ id: userId, name: '' }, timeZone) : legacyUser(known, timeZone),
    install: { siteUrl: '', request: {}, importing: false, saveMode: 'edit' },
    documents,
  });
}

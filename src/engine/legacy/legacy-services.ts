import type { LegacyServices, LegacyUser } from '../../expression/legacy/services.ts';
import type { Evaluator } from '../evaluation.ts';

/** What legacy expressions reach of an install. */
export function legacyServices(evaluator: Evaluator): LegacyServices {
  const unavailable = (): never => {
    throw new Error('not available');
  };
  return {
    clock: { now: () => evaluator.clock.now(), timeZone: evaluator.timeZone },
    random: { next: unavailable },
    records: {
      module: () => undefined,
      moduleOf: () => undefined,
      read: unavailable,
      displayName: (id) => evaluator.host.displayName(id),
      find: unavailable,
    },
    people: { user: unavailable, groupIdByName: unavailable, membersOf: unavailable },
    settings: {
      get: unavailable,
      set: unavailable,
      delete: unavailable,
    },
    messages: { send: unavailable, take: unavailable },
    maps: { evaluateRule: unavailable, applyMapping: unavailable, information: unavailable },
    network: { getText: unavailable },
    install: { siteUrl: '', request: {}, importing: false, saveMode: 'edit' },
  };
}

/** The service user, as the language sees it. */
export function legacyUser({ id, name }: { readonly id: string; readonly name: string }, timeZone: string): LegacyUser {
  return {
    id,
    name,
    fullName: name,
    isAdmin: true,
    preferences: {
      dateFormat: 'yyyy-mm-dd',
      hourFormat: '24',
      timeZone,
      decimalSeparator: '.',
      groupingSeparator: ',',
      decimals: 2,
      language: 'en_us',
    },
    fields: { user_name: name },
  };
}

import type { Connector } from '../../core/call.ts';
import type { IdentityStore } from '../../core/identity-store.ts';
import type { MessageStore } from '../../core/message-store.ts';
import type { SettingStore } from '../../core/secret-store.ts';
import { AmbientRandom } from '../../expression/ambient-random.ts';
import type { Ambience } from '../../expression/environment.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import { matchingRows } from '../../expression/legacy/matching-rows.ts';
import type { LegacyInstall, LegacyMaps, LegacyServices, LegacyUser } from '../../expression/legacy/services.ts';
import { hurriedReach } from './hurried-reach.ts';
import { type LegacyDocuments, legacyMaps } from './legacy-maps.ts';
import { legacyMessages, triedMessages } from './legacy-messages.ts';
import { legacyNetwork, NO_NETWORK } from './legacy-network.ts';
import { legacyPeople } from './legacy-people.ts';
import { legacyRecords, type RecordReach } from './legacy-records.ts';
import { legacySettings, triedSettings } from './legacy-settings.ts';

/** The parts of an install that legacy expressions reach. */
export interface LegacyReach extends RecordReach {
  readonly people: Pick<IdentityStore, 'userById' | 'groupById' | 'groupByName'>;
  readonly settings: SettingStore;
  readonly messages: MessageStore;
  readonly connector: Pick<Connector, 'send'>;
}

/**
 * What expressions may do besides reading. `run`: everything. `trial`: servers are asked, but settings and messages change
 * for this evaluation alone. `look`: nobody is asked either; also where a save waits for the answer.
 */
export type LegacyPermission = 'run' | 'trial' | 'look';

/** What one evaluation reaches an install with. */
export interface LegacyAccess {
  readonly reach: LegacyReach;
  readonly permission: LegacyPermission;
  readonly ambience: Ambience;
  /** Tells this evaluation from all others; the same when it is repeated. */
  readonly key: string;
  readonly user: LegacyUser;
  readonly install: LegacyInstall;
  /** What functions run by name; undefined where there are no documents. */
  readonly documents: LegacyDocuments | undefined;
  /** What the run sees that evaluates it; left out where none does. */
  readonly asker?: GivenValues['asker'];
}

/** What a rule may take with all that it asks, and all searches together, where somebody may wait for it. */
const LOOK_MS = 1_000;

/** What legacy expressions reach of an install. */
export function legacyServices(access: LegacyAccess): LegacyServices {
  const { reach, permission, ambience, key, user, install, documents, asker } = access;
  const { now, timeZone } = ambience;
  const isLook = permission === 'look';
  const bounds = isLook ? { maxMs: LOOK_MS } : {};
  const clock = { now: () => now, timeZone, storedTimeZone: 'UTC' };
  const random = new AmbientRandom(`legacy/${ambience.seed}`);
  const services: LegacyServices = {
    clock,
    random: { next: () => random.next() },
    records: legacyRecords(isLook ? hurriedReach(reach, LOOK_MS) : reach, {
      clock,
      preferences: user.preferences,
      filter: (rows, conditions) => matchingRows(rows, conditions, { user, services }),
    }),
    people: legacyPeople(reach.people, timeZone),
    settings: permission === 'run' ? legacySettings(reach.settings) : triedSettings(reach.settings),
    messages: permission === 'run' ? legacyMessages(reach.messages, { key, now }) : triedMessages(),
    maps:
      documents === undefined ? NO_MAPS : legacyMaps({ documents, services: () => services, user, asker, ...bounds }),
    network: isLook ? NO_NETWORK : legacyNetwork(reach.connector),
    install,
  };
  return services;
}

/** Where there are no documents to run. */
const NO_MAPS: LegacyMaps = {
  evaluateRule: async () => undefined,
  applyMapping: async () => undefined,
  records: async () => undefined,
  information: async () => undefined,
};

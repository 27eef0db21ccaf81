import type { Json } from '../../core/json.ts';
import type { RecordReach } from './legacy-records.ts';
import type { LegacyUser } from '../../expression/legacy/services.ts';
import type { Ambience, Environment } from '../../expression/environment.ts';
import { environmentFrom } from '../environment.ts';
import type { LegacyEvaluation, Evaluator } from '../evaluation.ts';
import { type LegacyAccess, type LegacyReach } from './legacy-services.ts';
import { legacyUser, unknownUser } from './legacy-user.ts';

/** Whom maps act as, with all that is known of the user. */
export async function serviceUser({ reach, serviceUser: user, timeZone }: Evaluator): Promise<LegacyUser> {
  const known = await reach?.people.userById(user.id);
  return known === undefined ? unknownUser(user, timeZone) : legacyUser(known, timeZone);
}

/** What the legacy expressions of one evaluation reach the install with. */
export function legacyAccess(
  evaluation: LegacyEvaluation,
  params: {
    readonly user: LegacyUser;
    readonly ambience: Ambience;
    readonly part: string;
    /** The setting `site_url`: where people open the install in a browser. */
    readonly siteUrl?: Json | undefined;
  },
): LegacyAccess {
  const { evaluator, permission = 'run', saved = 'edit' } = evaluation;
  const { user, ambience, part, siteUrl } = params;
  return {
    reach: evaluator.reach ?? standIn(evaluation),
    permission: evaluator.reach === undefined ? 'look' : permission,
    ambience,
    key: `${evaluator.installId}/${ambience.seed}/${part}`,
    user,
    install: { siteUrl: typeof siteUrl === 'string' ? siteUrl : '', request: {}, importing: false, saveMode: saved },
    documents: evaluation.documents,
    asker: () => environmentSeen(evaluation),
  };
}

/** What native sources see of the evaluation. */
function environmentSeen({ evaluator, context, run, ...parts }: LegacyEvaluation): Promise<Environment> {
  return environmentFrom(evaluator, {
    ...parts,
    context: { ...context },
    user: { id: run.initiator },
    run: { ...run },
  });
}

/** Where there is no install: the record at hand is all there is. */
function standIn({ evaluator, module, image }: LegacyEvaluation): LegacyReach {
  const host: RecordReach['host'] = {
    read: async (id) => (image?.id === id ? image : undefined),
    search: async () => [],
    displayName: (id) => evaluator.host.displayName(id),
  };
  const modules = new Map(module === undefined ? [] : [[module.name, module]]);
  const nobody = async () => undefined;
  return {
    host,
    modules: () => modules,
    people: { userById: nobody, groupById: nobody, groupByName: nobody },
    settings: { all: () => evaluator.settings.all(), set: nobody, remove: async () => false, change: nobody },
    messages: { send: async () => false, take: nobody },
    connector: { send: () => Promise.reject(new Error('nothing is sent without an install')) },
  };
}

import type { Json, JsonObject } from '../../core/json.ts';
import { keepText } from '../../core/retention.ts';
import type { Administration } from '../administration.ts';
import { LIBRARY_RULES } from '../library/library-rules.ts';
import type { UserEntry } from '../people-administration.ts';
import { TRIAL_RULE } from '../trial/trial-rule.ts';

/** How a command is told in the audit. Nothing here may be confidential: values of secrets, records and contexts are not. */
export interface AuditRule<Params, Answer> {
  readonly target: (params: Params) => string;
  /** What was asked for, besides the target. */
  readonly asked?: (params: Params) => JsonObject;
  /** What is there before, when that is to be told. */
  readonly before?: (administration: Administration, params: Params) => Promise<Json | undefined>;
  readonly after?: (answer: Answer) => Json;
  /** False for a call that changes nothing; every call changes something when left out. */
  readonly isChange?: (params: Params) => boolean;
}

type RuleOf<M extends keyof Administration> = Administration[M] extends (params: infer P) => Promise<infer A>
  ? AuditRule<P, A>
  : never;

/** Every command of Administration that changes something, with its rule; the others only look. */
export type AuditRules = { readonly [M in keyof Administration]: RuleOf<M> | 'looks' };

const MOST_NAMED = 50;
const LONGEST_TARGET = 200;

const byName = { target: ({ name }: { readonly name: string }) => name };
const byRun = { target: ({ id }: { readonly id: number }) => String(id) };
const ofGroup = { target: ({ group, user }: { readonly group: string; readonly user: string }) => `${group}/${user}` };
const ofUnit = { target: ({ unit, user }: { readonly unit: string; readonly user: string }) => `${unit}/${user}` };

async function setting(administration: Administration, { name }: { readonly name: string }): Promise<Json> {
  return (await administration.settings())[name] ?? null;
}

async function keptBefore(administration: Administration, { kind }: { readonly kind: string }): Promise<Json> {
  const found = (await administration.retention()).kinds.find((one) => one.kind === kind);
  return found === undefined ? null : { keep: keepText(found.keepMs), atMost: found.atMost };
}

async function user(administration: Administration, { name }: { readonly name: string }): Promise<Json> {
  const found = (await administration.users()).find((one) => one.name === name);
  return found === undefined ? null : userFacts(found);
}

function userFacts({ firstName, lastName, email, admin, role, active }: UserEntry): JsonObject {
  return { firstName, lastName, email, admin, role: role ?? null, active };
}

/** The rules. A command that is missing here does not compile. */
export const AUDIT_RULES: AuditRules = {
  status: 'looks',
  nodes: 'looks',
  check: 'looks',
  plan: 'looks',
  revisions: 'looks',
  revision: 'looks',
  runs: 'looks',
  run: 'looks',
  record: 'looks',
  settings: 'looks',
  secrets: 'looks',
  missingSecrets: 'looks',
  keyRotation: 'looks',
  modules: 'looks',
  transferProgress: 'looks',
  recordsToGive: 'looks',
  users: 'looks',
  groups: 'looks',
  units: 'looks',
  notifications: 'looks',
  schedules: 'looks',
  destinations: 'looks',
  holdDestination: { ...byName, asked: ({ reason }) => ({ reason }) },
  releaseDestination: byName,
  nextSlots: 'looks',
  retention: 'looks',
  previewRetention: 'looks',
  setRetention: {
    target: ({ kind }) => kind,
    asked: ({ keep, atMost }) => ({
      ...(keep === undefined ? {} : { keep }),
      ...(atMost === undefined ? {} : { atMost }),
    }),
    before: keptBefore,
  },
  credentials: 'looks',
  credential: 'looks',
  signIn: 'looks',
  connectCredential: { ...byName, asked: ({ user: person }) => ({ user: person ?? null }) },
  disconnectCredential: {
    ...byName,
    asked: ({ user: person }) => ({ user: person ?? null }),
    after: ({ removed, provider }) => ({ removed, provider }),
  },
  testCredential: {
    target: ({ name = '' }) => name,
    asked: ({ documents, service, url, user: person }) => ({
      files: documents.slice(0, MOST_NAMED).map(({ file }) => file),
      service: service ?? null,
      // An address may hold a key in its query.
      host: url === undefined ? null : (URL.parse(url)?.host ?? null),
      user: person ?? null,
    }),
    after: ({ verdict }) => ({ verdict }),
  },
  tokens: 'looks',
  audit: 'looks',
  inbox: 'looks',
  inboxItems: 'looks',
  inboxItem: 'looks',
  previewInbox: 'looks',
  inboxJobs: 'looks',
  inboxJob: 'looks',
  backupState: 'looks',
  file: 'looks',
  readFile: 'looks',
  // Whoever began it goes on; what it became is told by what it was begun under.
  appendFile: 'looks',
  finishFile: 'looks',
  beginFile: { ...byName, asked: ({ type }) => ({ type: type ?? null }), after: ({ id }) => ({ file: id }) },
  beginBackup: {
    target: ({ target = 'backups' }) => target,
    asked: ({ replace = false, keep }) => ({ replace, keep: keep ?? null }),
    after: ({ file }) => ({ file }),
  },
  commandRun: {
    target: ({ run }) => String(run),
    asked: ({ command, reason }) => ({ command: command.kind, reason: reason ?? null }),
    after: ({ successor }) => ({ successor: successor ?? null }),
  },
  commandInbox: {
    target: ({ filter }) => JSON.stringify(filter).slice(0, LONGEST_TARGET),
    asked: ({ command, reason }) => ({ command: command.kind, reason: reason ?? null }),
    after: ({ id, counts }) => ({ job: id, runs: counts.pending }),
  },
  stopInboxJob: { target: ({ id }) => String(id), asked: ({ takeBack }) => ({ takeBack }) },
  apply: {
    target: () => '',
    isChange: ({ dryRun }) => !dryRun,
    asked: ({ documents, prune }) => ({ files: documents.slice(0, MOST_NAMED).map(({ file }) => file), prune }),
    after: ({ revision, stored, changes }) => ({
      revision,
      stored,
      changes: changes
        .filter(({ change }) => change !== 'unchanged')
        .slice(0, MOST_NAMED)
        .map(({ kind, name, change }) => `${change} ${kind} ${name}`),
    }),
  },
  ...LIBRARY_RULES,
  tryMap: TRIAL_RULE,
  retry: byRun,
  cancel: { ...byRun, asked: ({ reason }) => ({ reason }) },
  start: {
    target: ({ workflow }) => workflow,
    asked: ({ records = [] }) => ({ records: records.slice(0, MOST_NAMED) }),
    after: ({ runs, repeated }) => ({ runs: runs.slice(0, MOST_NAMED).map(({ id }) => id), repeated }),
  },
  createRecord: {
    target: ({ module }) => module,
    asked: ({ values }) => ({ fields: Object.keys(values) }),
    after: ({ id }) => ({ id }),
  },
  changeRecord: {
    target: ({ id }) => id,
    asked: ({ values }) => ({ fields: Object.keys(values) }),
    after: ({ version }) => ({ version }),
  },
  pauseSchedule: byName,
  resumeSchedule: byName,
  runScheduleNow: byName,
  setSetting: { ...byName, asked: ({ value }) => ({ value }), before: setting },
  removeSetting: { ...byName, before: setting },
  setSecret: byName,
  removeSecret: { ...byName, asked: ({ force = false }) => ({ force }) },
  beginKeyRotation: {
    target: () => '',
    isChange: ({ dryRun }) => !dryRun,
    asked: ({ leaveUnknown = false }) => ({ leaveUnknown }),
  },
  addUser: { ...byName, after: ({ user: added }) => userFacts(added) },
  changeUser: { ...byName, before: user, after: userFacts },
  renewAccessKey: byName,
  setPassword: byName,
  addGroup: { ...byName, asked: ({ description }) => ({ description }) },
  removeGroup: byName,
  addGroupMember: ofGroup,
  removeGroupMember: ofGroup,
  addUnit: { ...byName, asked: ({ parent }) => ({ parent: parent ?? null }) },
  moveUnit: { ...byName, asked: ({ parent }) => ({ parent: parent ?? null }) },
  removeUnit: byName,
  addUnitMember: ofUnit,
  removeUnitMember: ofUnit,
  readNotifications: { target: ({ ids }) => ids.join(',').slice(0, LONGEST_TARGET) },
  createToken: {
    ...byName,
    asked: ({ grants, expiresAt }) => ({ grants: [...grants], expiresAt: expiresAt ?? null }),
  },
  revokeToken: byName,
  importPeople: {
    target: ({ source }) => source,
    isChange: ({ mode }) => mode !== 'plan',
    asked: ({ users, groups, mode }) => ({ users: users.length, groups: groups.length, mode }),
  },
  takeRecords: {
    target: ({ key }) => key.module,
    asked: ({ key, records }) => ({ source: key.source, records: records.length }),
    after: ({ failures }) => ({ failures: failures.length }),
  },
  settleReferences: { target: ({ source }) => source, after: ({ settled }) => ({ settled }) },
  noteGiven: {
    target: ({ key }) => key.module,
    asked: ({ key, given }) => ({ source: key.source, given: given.length }),
  },
};

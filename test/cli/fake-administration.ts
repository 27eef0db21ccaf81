import {
  NOW,
  WAITING_RUN,
  FILE,
  BACKUP,
  RETENTION,
  SCHEDULE,
  FAILED_RUN,
  challengeRequest,
  STEPS,
  RECORD,
  DOCUMENTS,
  DESTINATION,
  NOTIFICATIONS,
  USER,
  TOKEN,
  AUDITED,
  CREDENTIAL,
  KEY_USE,
  ROTATION,
  UNITS,
  GROUP,
  NODES,
  INBOX_DETAILS,
  INBOX_JOB,
} from './fake-answers.ts';
import { fakeLibrary } from './fake-library.ts';
import { MapwrightError } from '../../src/core/error.ts';
import type { Administration } from '../../src/runtime/administration.ts';

/** One call of the fake, with the parameter it got. */
export interface RecordedCall {
  readonly method: string;
  readonly params: unknown;
}

/** An Administration that answers from fixed data and notes what it was asked. */
export interface FakeAdministration extends Administration {
  readonly calls: RecordedCall[];
}

/** A fresh fake; `run` rejects with RUN_UNKNOWN for any id but 3. */
export function fakeAdministration(): FakeAdministration {
  const calls: RecordedCall[] = [];
  const answer = async <T>(method: string, params: unknown, result: T): Promise<T> => {
    calls.push({ method, params });
    return result;
  };
  const status = { pending: 0, running: 1, completed: 2, failed: 1, canceled: 0, waiting: 1, handled: 0 };
  return {
    calls,
    status: () =>
      answer('status', undefined, { version: '1.2.3', folder: '/x', url: undefined, revision: 4, runs: status }),
    nodes: () => answer('nodes', undefined, NODES),
    check: (params) =>
      answer('check', params, { plans: [], counts: { map: params.documents.length }, diagnostics: [] }),
    apply: (params) =>
      answer('apply', params, {
        revision: 4,
        stored: !params.dryRun,
        changes: [
          { kind: 'map', name: 'a', change: 'added' },
          { kind: 'map', name: 'b', change: 'unchanged' },
          { kind: 'service', name: 's', change: 'changed' },
          { kind: 'workflow', name: 'w', change: 'removed' },
        ],
        diagnostics: [],
      }),
    plan: (params) =>
      answer('plan', params, {
        revision: 4,
        changes: [{ kind: 'map', name: 'a', change: 'added' }],
        texts: [],
        plans: [],
        modules: [],
        unfinished: {},
        diagnostics: [],
      }),
    revisions: (params) => answer('revisions', params, [{ number: 4, at: NOW, by: 'anna', documents: 2 }]),
    revision: (params) => answer('revision', params, { number: 4, at: NOW, by: 'anna', documents: DOCUMENTS }),
    notifications: (params) => answer('notifications', params, NOTIFICATIONS),
    readNotifications: (params) => answer('readNotifications', params, undefined),
    createRecord: (params) => answer('createRecord', params, RECORD),
    changeRecord: (params) => answer('changeRecord', params, RECORD),
    record: (params) => answer('record', params, RECORD),
    tryMap: (params) =>
      answer('tryMap', params, {
        diagnostics: [],
        request: challengeRequest,
        answer: undefined,
        failure: { code: 'CALL_REFUSED', message: 'refused', hint: 'start it' },
        outputs: [],
        warnings: [],
      }),
    runs: (filter) => answer('runs', filter, [WAITING_RUN, FAILED_RUN].slice(0, filter.limit)),
    run: async (params) => {
      await answer('run', params, undefined);
      if (params.id > 3)
        throw new MapwrightError('RUN_UNKNOWN', `there is no run ${params.id}`, { hint: 'see runs list' });
      return { run: WAITING_RUN, steps: STEPS };
    },
    retry: (params) => answer('retry', params, undefined),
    cancel: (params) => answer('cancel', params, undefined),
    start: (params) =>
      answer('start', params, {
        runs: (params.records ?? ['']).map((_, index) => ({
          id: 10 + index,
          workflow: params.workflow,
          status: 'pending',
        })),
        skipped: [],
        repeated: false,
      }),
    destinations: () => answer('destinations', undefined, []),
    ...fakeLibrary(answer),
    beginFile: (params) => answer('beginFile', params, { id: FILE.id }),
    appendFile: (params) => answer('appendFile', params, undefined),
    finishFile: (params) => answer('finishFile', params, FILE),
    file: (params) => answer('file', params, FILE),
    readFile: (params) => answer('readFile', params, { base64: 'YQ==' }),
    beginBackup: (params) => answer('beginBackup', params, BACKUP),
    backupState: () => answer('backupState', undefined, BACKUP),
    holdDestination: (params) => answer('holdDestination', params, { ...DESTINATION, name: params.name }),
    releaseDestination: (params) => answer('releaseDestination', params, { ...DESTINATION, name: params.name }),
    schedules: () => answer('schedules', undefined, [SCHEDULE]),
    nextSlots: (params) => answer('nextSlots', params, { zone: 'Europe/Berlin', slots: [NOW + 1000, NOW + 61_000] }),
    pauseSchedule: (params) => answer('pauseSchedule', params, { ...SCHEDULE, paused: { at: NOW, by: params.by } }),
    resumeSchedule: (params) => answer('resumeSchedule', params, SCHEDULE),
    runScheduleNow: (params) => answer('runScheduleNow', params, SCHEDULE),
    retention: () => answer('retention', undefined, RETENTION),
    previewRetention: (params) => answer('previewRetention', params, RETENTION),
    setRetention: (params) => answer('setRetention', params, RETENTION),
    settings: () => answer('settings', undefined, { b: '2', a: '1' }),
    setSetting: (params) => answer('setSetting', params, undefined),
    removeSetting: (params) => answer('removeSetting', params, params.name === 'a'),
    secrets: () => answer('secrets', undefined, [{ name: 'key', setAt: NOW, setBy: 'anna', usedBy: [KEY_USE] }]),
    missingSecrets: () => answer('missingSecrets', undefined, [{ name: 'other_key', usedBy: [KEY_USE] }]),
    beginKeyRotation: (params) => answer('beginKeyRotation', params, ROTATION),
    keyRotation: () => answer('keyRotation', undefined, ROTATION),
    setSecret: (params) => answer('setSecret', params, undefined),
    removeSecret: (params) => answer('removeSecret', params, params.name === 'key'),
    users: () => answer('users', undefined, [USER]),
    addUser: (params) => answer('addUser', params, { user: { ...USER, ...params }, accessKey: 'k1' }),
    changeUser: ({ role, ...params }) =>
      answer('changeUser', role === undefined ? params : { ...params, role }, {
        ...USER,
        ...params,
        ...(role === undefined || role === 'none' ? {} : { role }),
      }),
    setPassword: (params) => answer('setPassword', params, undefined),
    credentials: () => answer('credentials', undefined, [CREDENTIAL]),
    credential: (params) => answer('credential', params, CREDENTIAL),
    connectCredential: (params) =>
      answer('connectCredential', params, {
        id: 'i',
        url: 'https://maps.example.com/oauth/connect/t',
        expiresAt: NOW + 600_000,
      }),
    signIn: (params) => answer('signIn', params, { state: 'connected', expiresAt: NOW + 600_000 }),
    disconnectCredential: (params) => answer('disconnectCredential', params, { removed: true, provider: 'revoked' }),
    testCredential: (params) =>
      answer('testCredential', params, {
        diagnostics: [],
        credential: 'calendar',
        service: 'calendar',
        verdict: 'works',
        why: 'the other side takes it: status 200',
        token: 'got',
        request: undefined,
        answer: undefined,
        failure: undefined,
        durationMs: 12,
      }),
    tokens: () => answer('tokens', undefined, [TOKEN]),
    createToken: (params) => answer('createToken', params, { token: { ...TOKEN, ...params }, secret: 'mw_x' }),
    revokeToken: (params) => answer('revokeToken', params, { ...TOKEN, revokedAt: NOW, revokedBy: params.by }),
    audit: (params) => answer('audit', params, [AUDITED]),
    groups: () => answer('groups', undefined, [GROUP]),
    addGroup: (params) => answer('addGroup', params, { ...GROUP, ...params, members: [] }),
    removeGroup: (params) => answer('removeGroup', params, undefined),
    addGroupMember: (params) => answer('addGroupMember', params, params.user === 'branch'),
    removeGroupMember: (params) => answer('removeGroupMember', params, params.user === 'branch'),
    units: () => answer('units', undefined, UNITS),
    addUnit: (params) => answer('addUnit', params, { ...params, members: [] }),
    moveUnit: (params) => answer('moveUnit', params, undefined),
    removeUnit: (params) => answer('removeUnit', params, undefined),
    addUnitMember: (params) => answer('addUnitMember', params, params.user === 'branch'),
    removeUnitMember: (params) => answer('removeUnitMember', params, params.user === 'branch'),
    modules: () => answer('modules', undefined, []),
    importPeople: (params) => answer('importPeople', params, []),
    transferProgress: (params) => answer('transferProgress', params, undefined),
    takeRecords: (params) => answer('takeRecords', params, { progress: params.progress, failures: [], leftOut: [] }),
    settleReferences: (params) => answer('settleReferences', params, { settled: 0, waiting: [] }),
    recordsToGive: (params) => answer('recordsToGive', params, { records: [], remaining: 0 }),
    noteGiven: (params) => answer('noteGiven', params, undefined),
    inbox: (params) => answer('inbox', params, []),
    inboxItems: (params) => answer('inboxItems', params, []),
    inboxItem: ({ run }) => answer('inboxItem', { run }, { ...INBOX_DETAILS, run: { ...WAITING_RUN, id: run } }),
    commandRun: (params) => answer('commandRun', params, { successor: undefined }),
    previewInbox: (params) => answer('previewInbox', params, { count: 0, groups: [] }),
    commandInbox: (params) => answer('commandInbox', params, INBOX_JOB),
    inboxJobs: (params) => answer('inboxJobs', params, [INBOX_JOB]),
    inboxJob: (params) => answer('inboxJob', params, { ...INBOX_JOB, items: [] }),
    stopInboxJob: (params) => answer('stopInboxJob', params, undefined),
    renewAccessKey: (params) => answer('renewAccessKey', params, { accessKey: 'k2' }),
  };
}

import type { AuditEntry } from '../../src/core/audit.ts';
import type { TokenEntry } from '../../src/runtime/access/access.ts';
import type { StoredDocument } from '../../src/core/document-store.ts';
import type { InboxJob } from '../../src/core/inbox.ts';
import { isOutcome, KEPT_KINDS } from '../../src/core/retention.ts';
import type { RecordImage } from '../../src/core/record.ts';
import type { Run } from '../../src/core/run.ts';
import type { Step } from '../../src/core/step.ts';
import { MapwrightError } from '../../src/core/error.ts';
import type { DestinationEntry } from '../../src/runtime/destination-administration.ts';
import type { NotificationEntry } from '../../src/runtime/notification-administration.ts';
import type { Administration, BackupState, GroupEntry, UserEntry } from '../../src/runtime/administration.ts';
import type { RetentionReport } from '../../src/runtime/retention/retention-administration.ts';
import type { ScheduleEntry } from '../../src/runtime/schedule/schedule-administration.ts';

/** One call of the fake, with the parameter it got. */
export interface RecordedCall {
  readonly method: string;
  readonly params: unknown;
}

/** An Administration that answers from fixed data and notes what it was asked. */
export interface FakeAdministration extends Administration {
  readonly calls: RecordedCall[];
}

export const NOW = Date.UTC(2026, 0, 31, 9, 5, 0);

export const WAITING_RUN: Run = {
  id: 3,
  workflow: 'product-changed',
  revision: 1,
  module: 'Products',
  recordId: '14x1',
  lane: '14x1',
  passWhenWaiting: false,
  trigger: {
    event: 'update',
    record: { productname: 'Bolt 螺栓 🔩', serial_no: 'SN-3' },
    previous: { productname: 'Bolt 螺栓 🔩', serial_no: 'SN-2' },
    changed: ['serial_no'],
  },
  undecided: false,
  rootRun: 3,
  depth: 0,
  initiator: '19x1',
  status: 'running',
  wait: { for: 'time', reason: 'challenge: CALL_REFUSED 127.0.0.1:41874, try 2', since: NOW - 3000, until: NOW + 1000 },
  failure: undefined,
  handled: false,
  progress: {},
  context: {},
  keys: {},
  epoch: 1,
  acceptedAt: NOW - 5000,
  startedAt: NOW - 4900,
  endedAt: undefined,
  cancelRequested: undefined,
};

const FILE = {
  id: 'file-0001',
  name: 'a.txt',
  type: 'text/plain',
  size: 1,
  sha256: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
};

const BACKUP: BackupState = {
  id: 1,
  stage: 'done',
  file: '/b.db',
  startedAt: NOW,
  doneBytes: 2_500_000,
  bytes: 2_500_000,
  facts: {
    bytes: 2_500_000,
    madeAt: NOW,
    version: '1.2.3',
    installId: 'i',
    revision: 4,
    runs: 30,
    unfinished: 2,
    records: 12,
  },
};

const DAY_MS = 86_400_000;

export const RETENTION: RetentionReport = {
  kinds: KEPT_KINDS.map((kind) => ({
    kind,
    keepMs: 30 * DAY_MS,
    atMost: null,
    isSet: false,
    before: NOW - 30 * DAY_MS,
    ...(isOutcome(kind) ? { due: 12_000 } : {}),
  })),
  workflows: [{ workflow: 'product-changed', keepMs: 7 * DAY_MS, keepFailedMs: null }],
  last: { startedAt: NOW - 90_000, endedAt: NOW - 60_000, left: 3, removed: { completed: 1_234_567 } },
};

export const SCHEDULE: ScheduleEntry = {
  name: 'nightly',
  workflow: 'nightly',
  module: 'Products',
  records: undefined,
  when: 'at 02:30',
  zone: 'Europe/Berlin',
  missed: 'once',
  overlap: 'wait',
  paused: undefined,
  next: NOW + 60_000,
  work: undefined,
  last: {
    slot: NOW - 86_400_000,
    by: undefined,
    kind: 'accepted',
    startedAt: NOW - 86_400_000,
    endedAt: NOW - 86_399_000,
    looked: 3,
    accepted: 2,
    reason: undefined,
  },
  missedSlots: 1,
  problem: undefined,
};

const FAILED_RUN: Run = {
  ...WAITING_RUN,
  id: 2,
  status: 'failed',
  wait: undefined,
  failure: {
    code: 'CALL_EXPECTATION',
    message: `the answer is a refusal ${'and more '.repeat(20)}`,
    hint: 'look at it',
  },
  endedAt: NOW - 100,
};

const challengeRequest = {
  method: 'GET',
  url: 'http://127.0.0.1:41874/webservice.php?operation=getchallenge&username=admin',
  headers: [['accept', 'application/json']] as const,
  body: undefined,
  parameters: [
    { name: 'operation', source: 'value', value: 'getchallenge' },
    { name: 'username', source: 'setting head_office_user', value: 'admin' },
  ],
};

export const STEPS: readonly Step[] = [
  {
    run: 3,
    number: 1,
    task: 'challenge',
    purpose: 'renew',
    round: 2,
    status: 'done',
    startedAt: NOW - 4000,
    endedAt: NOW - 3960,
    frozen: undefined,
    effects: [{ kind: 'context', name: 'peer_token', from: 'result.token', value: '••••' }],
    warnings: ['the peer is slow'],
    failure: undefined,
    attempts: [
      {
        number: 1,
        startedAt: NOW - 4000,
        endedAt: NOW - 3998,
        request: challengeRequest,
        answer: undefined,
        failure: { code: 'CALL_REFUSED', message: '127.0.0.1:41874 refused the connection' },
      },
      {
        number: 2,
        startedAt: NOW - 3970,
        endedAt: NOW - 3960,
        request: challengeRequest,
        answer: {
          status: 200,
          headers: [['content-type', 'application/json']],
          body: { text: '{"success":true,"result":{"token":"••••"}}', bytes: 143, cut: false },
          durationMs: 6.2,
        },
        failure: undefined,
      },
    ],
  },
  {
    run: 3,
    number: 2,
    task: 'create',
    purpose: 'main',
    round: 1,
    status: 'failed',
    startedAt: NOW - 3900,
    endedAt: undefined,
    frozen: undefined,
    effects: [
      { kind: 'branch', name: 'known', value: 'create' },
      { kind: 'field', name: 'remote_id', from: 'result.id', value: '14x7', previous: '14x3' },
    ],
    warnings: [],
    failure: { code: 'CALL_TIMEOUT', message: 'no answer in 30 s', hint: 'raise the limit', task: 'create' },
    attempts: [],
  },
];

const RECORD: RecordImage = {
  id: '14x1',
  module: 'Products',
  version: 1,
  values: { productname: 'Bolt', remote_id: null },
  createdAt: NOW,
  modifiedAt: NOW,
  createdBy: '19x1',
  modifiedBy: '19x1',
};

const DOCUMENTS: readonly StoredDocument[] = [{ kind: 'map', name: 'a', file: 'maps/a.xml', text: '<map/>' }];

const DESTINATION: DestinationEntry = { name: 'peer', state: { kind: 'closed' }, waiting: 0, underWay: 0 };

const NOTIFICATIONS: readonly NotificationEntry[] = [
  {
    id: 12,
    at: NOW - 60_000,
    user: '19x5',
    userName: 'branch',
    text: 'Bolt is sold out\nand here to stay',
    run: 3,
    task: 'tell',
    recordId: '14x1',
    readAt: undefined,
  },
];

const USER: UserEntry = {
  id: '19x5',
  name: 'branch',
  firstName: '',
  lastName: '',
  email: '',
  admin: false,
  active: true,
};
const TOKEN: TokenEntry = { name: 'deploy', grants: ['viewer'], createdAt: NOW, createdBy: 'anna' };
const AUDITED: AuditEntry = {
  id: 9,
  at: NOW,
  by: 'token:deploy',
  kind: 'token',
  from: '10.0.0.7',
  action: 'setSetting',
  target: 'a',
  detail: { asked: { value: '2' }, before: '1' },
  outcome: 'done',
  code: undefined,
};
const UNITS = [
  { name: 'north', description: '', parent: 'sales', members: ['branch'] },
  { name: 'sales', description: 'sells', members: [] },
];
const GROUP: GroupEntry = { id: '20x1', name: 'support', description: 'answers customers', members: ['branch'] };

const NODES = [
  {
    id: 'n1',
    name: 'here:17',
    version: '1.2.3',
    startedAt: NOW - 90_000,
    seenAt: NOW - 2_000,
    state: 'working',
    runs: 3,
  },
  {
    id: 'n2',
    name: 'there:4',
    version: '1.2.2',
    startedAt: NOW - 60_000,
    seenAt: NOW - 40_000,
    state: 'gone',
    runs: 0,
  },
] as const;

const INBOX_DETAILS = {
  steps: [],
  item: undefined,
  fits: [],
  tasks: [],
  outputs: [],
  history: [],
  origin: undefined,
  successor: undefined,
} as const;

const INBOX_JOB: InboxJob = {
  id: 4,
  at: NOW,
  by: 'anna',
  origin: 'command line',
  reason: undefined,
  command: { kind: 'retry' },
  state: 'running',
  perSecond: 100,
  endedAt: undefined,
  counts: { pending: 2, applied: 1, refused: 0, left: 0, 'taken-back': 0, kept: 0 },
};

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
    secrets: () => answer('secrets', undefined, [{ name: 'key', setAt: NOW, setBy: 'anna' }]),
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

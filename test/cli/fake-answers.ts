import type { AuditEntry } from '../../src/core/audit.ts';
import type { TokenEntry } from '../../src/runtime/access/access.ts';
import type { StoredDocument } from '../../src/core/document-store.ts';
import type { InboxJob } from '../../src/core/inbox.ts';
import { isOutcome, KEPT_KINDS } from '../../src/core/retention.ts';
import type { RecordImage } from '../../src/core/record.ts';
import type { Run } from '../../src/core/run.ts';
import type { Step } from '../../src/core/step.ts';
import type { DestinationEntry } from '../../src/runtime/destination-administration.ts';
import type { NotificationEntry } from '../../src/runtime/notification-administration.ts';
import type {
  CredentialEntry,
  BackupState,
  GroupEntry,
  KeyRotation,
  UserEntry,
} from '../../src/runtime/administration.ts';
import type { RetentionReport } from '../../src/runtime/retention/retention-administration.ts';
import type { ScheduleEntry } from '../../src/runtime/schedule/schedule-administration.ts';

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

export const FILE = {
  id: 'file-0001',
  name: 'a.txt',
  type: 'text/plain',
  size: 1,
  sha256: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
};

export const BACKUP: BackupState = {
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

export const FAILED_RUN: Run = {
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

export const challengeRequest = {
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

export const RECORD: RecordImage = {
  id: '14x1',
  module: 'Products',
  version: 1,
  values: { productname: 'Bolt', remote_id: null },
  createdAt: NOW,
  modifiedAt: NOW,
  createdBy: '19x1',
  modifiedBy: '19x1',
};

export const DOCUMENTS: readonly StoredDocument[] = [{ kind: 'map', name: 'a', file: 'maps/a.xml', text: '<map/>' }];

export const DESTINATION: DestinationEntry = { name: 'peer', state: { kind: 'closed' }, waiting: 0, underWay: 0 };

export const NOTIFICATIONS: readonly NotificationEntry[] = [
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

export const USER: UserEntry = {
  id: '19x5',
  name: 'branch',
  firstName: '',
  lastName: '',
  email: '',
  admin: false,
  active: true,
};
export const TOKEN: TokenEntry = { name: 'deploy', grants: ['viewer'], createdAt: NOW, createdBy: 'anna' };
export const AUDITED: AuditEntry = {
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
export const CREDENTIAL: CredentialEntry = {
  name: 'calendar',
  kind: 'oauth2-authorization-code',
  shared: true,
  signIn: true,
  services: ['calendar'],
  missing: [],
  connections: [{ state: 'connected', since: NOW - 60_000, until: NOW + 60_000, renews: true }],
};
export const KEY_USE = { kind: 'credential', name: 'head-office', file: 'head-office.xml', line: 2 };
export const ROTATION: KeyRotation = {
  id: 1,
  dryRun: false,
  stage: 'done',
  startedAt: NOW,
  to: '00000002',
  values: { secrets: 2, 'access keys': 1 },
  resealed: 3,
  unknown: {},
  oldKeys: ['/x/mapwright.key.old-00000001'],
  stillGiven: [],
};
export const UNITS = [
  { name: 'north', description: '', parent: 'sales', members: ['branch'] },
  { name: 'sales', description: 'sells', members: [] },
];
export const GROUP: GroupEntry = { id: '20x1', name: 'support', description: 'answers customers', members: ['branch'] };

export const NODES = [
  {
    id: 'n1',
    name: 'here:17',
    version: '1.2.3',
    startedAt: NOW - 90_000,
    seenAt: NOW - 2_000,
    state: 'working',
    runs: 3,
    keys: ['00000001'],
    sealingKey: '00000001',
  },
  {
    id: 'n2',
    name: 'there:4',
    version: '1.2.2',
    startedAt: NOW - 60_000,
    seenAt: NOW - 40_000,
    state: 'gone',
    runs: 0,
    keys: ['00000001'],
    sealingKey: '00000001',
  },
] as const;

export const INBOX_DETAILS = {
  steps: [],
  item: undefined,
  fits: [],
  tasks: [],
  outputs: [],
  history: [],
  origin: undefined,
  successor: undefined,
} as const;

export const INBOX_JOB: InboxJob = {
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

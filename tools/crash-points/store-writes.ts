import type { Store } from '../../src/store/store.ts';

/**
 * write: changes something for good; a crash may fall before and after it. claim: looks for work, and writes when there is
 * some; a crash may fall after it. aside: writes what no promise hangs on, as the reason says. read: changes nothing.
 */
type Access = 'write' | 'claim' | 'read' | { readonly aside: string };

type Methods<Part> = Readonly<Record<Extract<keyof Part, string>, Access>>;

/** What is no part with writes of its own, counts tries of strangers, or is a command for an install that nobody works on. */
type Beside = 'installId' | 'hints' | 'attempts' | 'close' | 'sealer' | 'watch' | 'nodes' | 'backups' | 'recovery';

const OF_A_LOGIN = { aside: 'a login that is lost is made again' };
const OF_A_LEASE = { aside: 'a lease that was not prolonged runs out' };
const OF_AGE = { aside: 'what is old is forgotten at the next round' };
const OF_A_KEY = { aside: 'a change of the key that stopped is taken up by the same command; its own test kills it' };
const OF_ITSELF = { aside: 'a process tells of itself while it lives' };

/**
 * Every method of every part of the store. A method that is added does not compile until it stands here, and one that
 * writes is not covered until a scenario passes it.
 */
export const STORE_METHODS: {
  readonly [Part in Exclude<keyof Store, Beside>]: Methods<Store[Part]>;
} = {
  records: {
    commit: 'write',
    prepareModules: 'write',
    allocateNumber: { aside: 'numbers may have gaps' },
    previewModules: 'read',
    read: 'read',
    query: 'read',
    find: 'read',
    count: 'read',
    linked: 'read',
    history: 'read',
    latestChange: 'read',
    findDedup: 'read',
  },
  journal: {
    claimDue: 'claim',
    claim: { aside: 'as claimDue, of runs that are named; workers ask by claimDue' },
    settle: 'write',
    release: 'claim',
    intervene: 'write',
    heartbeat: OF_A_LEASE,
    takeOver: { aside: 'the next process takes over what the last one did not' },
    run: 'read',
    holdsMark: 'read',
    lastActor: 'read',
    runs: 'read',
    steps: 'read',
    unfinished: 'read',
    counts: 'read',
  },
  inbox: {
    addJob: 'write',
    claimJob: 'claim',
    settleItem: 'write',
    stopJob: 'write',
    groups: 'read',
    items: 'read',
    item: 'read',
    history: 'read',
    restarts: 'read',
    job: 'read',
    jobs: 'read',
    jobItems: 'read',
  },
  documents: { save: 'write', head: 'read', revision: 'read', revisions: 'read', origins: 'read' },
  settings: {
    set: 'write',
    remove: 'write',
    change: { aside: 'a number that was counted down and not used is a gap' },
    all: 'read',
  },
  secrets: { set: 'write', remove: 'write', get: 'read', list: 'read' },
  files: {
    create: { aside: 'a file that is not whole is cleared away' },
    hold: OF_A_LEASE,
    clear: OF_AGE,
    find: 'read',
    read: 'read',
  },
  tokens: {
    beginRenewal: OF_A_LEASE,
    endRenewal: OF_A_LOGIN,
    put: OF_A_LOGIN,
    remove: OF_A_LOGIN,
    removeAll: OF_A_LOGIN,
    get: 'read',
    list: 'read',
  },
  signIns: { begin: OF_A_LOGIN, take: OF_A_LEASE, end: OF_A_LOGIN, get: 'read' },
  identities: {
    addUser: 'write',
    changeUser: 'write',
    setAccessKey: 'write',
    addGroup: 'write',
    removeGroup: 'write',
    addMember: 'write',
    removeMember: 'write',
    addUnit: 'write',
    moveUnit: 'write',
    removeUnit: 'write',
    addUnitMember: 'write',
    removeUnitMember: 'write',
    addChallenge: OF_A_LOGIN,
    openSession: OF_A_LOGIN,
    touchSession: OF_A_LOGIN,
    closeSession: OF_A_LOGIN,
    users: 'read',
    userByName: 'read',
    userById: 'read',
    findUsers: 'read',
    accessKey: 'read',
    challenges: 'read',
    session: 'read',
    openSessions: 'read',
    groups: 'read',
    groupByName: 'read',
    groupById: 'read',
    findGroups: 'read',
    units: 'read',
    unitPeople: 'read',
  },
  access: {
    setPasswordHash: 'write',
    addToken: 'write',
    revokeToken: 'write',
    beginOnce: 'write',
    endOnce: 'write',
    openLogin: OF_A_LOGIN,
    touchLogin: OF_A_LOGIN,
    closeLogin: OF_A_LOGIN,
    noteTokenUse: OF_A_LOGIN,
    passwordHash: 'read',
    login: 'read',
    tokenOf: 'read',
    tokens: 'read',
  },
  retention: {
    take: OF_AGE,
    clear: OF_AGE,
    forget: OF_AGE,
    hold: OF_A_LEASE,
    letGo: OF_A_LEASE,
    figures: 'read',
    count: 'read',
    oldestOf: 'read',
    candidates: 'read',
  },
  audit: { begin: 'write', end: 'write', entries: 'read' },
  notifications: { markRead: 'write', notifications: 'read' },
  deliveries: { claim: 'claim', settle: 'write', nextDue: 'read', ofRun: 'read' },
  destinations: {
    change: 'write',
    share: OF_A_LEASE,
    leave: OF_ITSELF,
    isShared: 'read',
    states: 'read',
    backlog: 'read',
  },
  operations: {
    add: 'write',
    begin: 'write',
    release: { aside: 'the process lives on: it takes back an attempt that had no answer' },
    finish: 'write',
    due: 'read',
    nextDue: 'read',
    result: 'read',
  },
  messages: { send: 'write', take: 'write' },
  schedules: {
    save: 'write',
    remove: { aside: 'what no document names is removed at the next look' },
    schedules: 'read',
    schedule: 'read',
  },
  keys: {
    makeNext: OF_A_KEY,
    goOverTo: OF_A_KEY,
    walk: OF_A_KEY,
    finish: OF_A_KEY,
    requireFit: { aside: 'the next start looks again' },
    hold: OF_A_LEASE,
    letGo: OF_A_LEASE,
    places: 'read',
    state: 'read',
    refresh: 'read',
  },
  imports: { save: 'write', progress: 'read', identities: 'read', remotes: 'read', pending: 'read' },
};

/** `journal.settle` and all others that write for good. */
export function storeWrites(): readonly string[] {
  return Object.entries(STORE_METHODS).flatMap(([part, methods]) =>
    Object.entries(methods).flatMap(([method, access]) =>
      access === 'write' || access === 'claim' ? [`${part}.${method}`] : [],
    ),
  );
}

/** What a method does; undefined for one that is none of the store's interface. */
export function accessOf(part: string, method: string): Access | undefined {
  const methods: Readonly<Record<string, Access>> | undefined = Object.entries(STORE_METHODS).find(
    ([name]) => name === part,
  )?.[1];
  return methods?.[method];
}

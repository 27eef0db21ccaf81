import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ALL_SCOPES, ROLES, type Role, isScope } from '../../../src/core/access.ts';
import { API_OPERATIONS } from '../../../src/server/api/api-operations.ts';
import type { Operation } from '../../../src/server/api/operation.ts';
import { ApiTest, at } from './api-fixture.ts';

/** Who may call each operation: Administrator, Operator, Viewer; `everybody` strangers too. */
const TABLE: Readonly<Record<string, 'A' | 'AO' | 'AOV' | 'everybody'>> = {
  logIn: 'everybody',
  logOut: 'AOV',
  whoAmI: 'AOV',
  changeOwnPassword: 'AOV',
  status: 'AOV',
  listNodes: 'AOV',
  listModules: 'AOV',
  checkDocuments: 'AOV',
  planDocuments: 'AOV',
  applyDocuments: 'A',
  listRevisions: 'AOV',
  readRevision: 'AOV',
  listDocuments: 'AOV',
  readDocument: 'AOV',
  copyDocument: 'A',
  removeDocuments: 'A',
  undeleteDocuments: 'A',
  listPacks: 'AOV',
  listAvailablePacks: 'AOV',
  readPack: 'AOV',
  importPack: 'A',
  exportPack: 'AOV',
  removePack: 'A',
  readPicture: 'AOV',
  tryMap: 'AO',
  tryStep: 'AO',
  listRuns: 'AOV',
  readRun: 'AOV',
  startWorkflow: 'AO',
  retryRun: 'AO',
  cancelRun: 'AO',
  streamEvents: 'AOV',
  listInboxGroups: 'AOV',
  listInboxItems: 'AOV',
  readInboxItem: 'AOV',
  commandRun: 'AO',
  previewInboxJob: 'AOV',
  startInboxJob: 'AO',
  listInboxJobs: 'AOV',
  readInboxJob: 'AOV',
  stopInboxJob: 'AO',
  listSchedules: 'AOV',
  listSlots: 'AOV',
  pauseSchedule: 'AO',
  resumeSchedule: 'AO',
  runScheduleNow: 'AO',
  listDestinations: 'AOV',
  holdDestination: 'AO',
  releaseDestination: 'AO',
  readRecord: 'AOV',
  createRecord: 'A',
  changeRecord: 'A',
  listSettings: 'AOV',
  readRetention: 'AOV',
  previewRetention: 'AOV',
  setRetention: 'A',
  setSetting: 'A',
  removeSetting: 'A',
  listSecrets: 'AO',
  listMissingSecrets: 'AO',
  beginKeyRotation: 'A',
  readKeyRotation: 'AO',
  setSecret: 'A',
  removeSecret: 'A',
  listCredentials: 'AOV',
  readCredential: 'AOV',
  readSignIn: 'AOV',
  connectMyself: 'AOV',
  disconnectMyself: 'AOV',
  connectCredential: 'A',
  disconnectCredential: 'A',
  testCredential: 'AO',
  testCredentialDraft: 'A',
  listUsers: 'AO',
  addUser: 'A',
  changeUser: 'A',
  renewAccessKey: 'A',
  setPassword: 'A',
  listGroups: 'AO',
  addGroup: 'A',
  removeGroup: 'A',
  addGroupMember: 'A',
  removeGroupMember: 'A',
  listUnits: 'AO',
  addUnit: 'A',
  moveUnit: 'A',
  removeUnit: 'A',
  addUnitMember: 'A',
  removeUnitMember: 'A',
  listNotifications: 'AOV',
  readNotifications: 'AO',
  importPeople: 'A',
  readTransfer: 'A',
  takeRecords: 'A',
  settleReferences: 'A',
  recordsToGive: 'A',
  noteGiven: 'A',
  listTokens: 'AO',
  createToken: 'A',
  uploadFile: 'A',
  describeFile: 'AOV',
  downloadFile: 'AOV',
  beginBackup: 'A',
  readBackup: 'AOV',
  revokeToken: 'A',
  listAudit: 'AO',
};

const LETTERS: Readonly<Record<Role, string>> = { administrator: 'A', operator: 'O', viewer: 'V' };
const CHANGES = new Set(['post', 'put', 'patch', 'delete']);

const mayCall = (operation: Operation, role: Role): boolean => {
  const who = TABLE[operation.id] ?? '';
  return who === 'everybody' || who.includes(LETTERS[role]);
};

describe('the table of who may call what', () => {
  it('has a row for every operation, and no other', () => {
    assert.deepEqual(Object.keys(TABLE).toSorted(), API_OPERATIONS.map(({ id }) => id).toSorted());
  });

  it('is about all that is served', async (t) => {
    const { app } = await ApiTest.open(t);
    const served = app.routes.map(({ method, path }) => `${method} ${path}`);
    const listed = API_OPERATIONS.map(
      ({ method, path }) => `${method.toUpperCase()} /api/v1${path.replaceAll(/\{(\w+)\}/gu, ':$1')}`,
    );
    assert.deepEqual(served.toSorted(), ['GET /api/v1/openapi.json', ...listed].toSorted());
  });
});

describe('every operation', () => {
  /** 403 and 401 are told apart from whatever else becomes of an empty request. */
  const outcome = async (test: ApiTest, operation: Operation, call: Parameters<ApiTest['raw']>[2]): Promise<string> => {
    const path = operation.path.replaceAll(/\{\w+\}/gu, '1');
    const response = await test.raw(operation.method.toUpperCase(), path, call);
    if (response.status === 200 && operation.mediaType === 'text/event-stream') {
      await response.body?.cancel();
      return 'in';
    }
    const text = await response.text();
    const code = text === '' ? '' : String(at(JSON.parse(text), 'code'));
    if (response.status === 401) return code;
    return response.status === 403 ? code : 'in';
  };
  const limits = { requestsPerMinute: 100_000, strangersPerMinute: 100_000 };

  it('is closed to strangers, and to tokens that do not hold', async (t) => {
    const test = await ApiTest.open(t, { limits });
    const revoked = await test.token('administrator');
    const [token] = await test.install.administration.tokens();
    await test.install.administration.revokeToken({ name: token?.name ?? '', by: 'test' });
    const expiring = await test.install.administration.createToken({
      name: 'short',
      grants: ['administrator'],
      expiresAt: test.clock.now() + 1,
      by: 'test',
    });
    test.clock.move(1);
    for (const operation of API_OPERATIONS.filter(({ access }) => access !== 'anybody')) {
      const { id } = operation;
      assert.equal(await outcome(test, operation, {}), 'API_LOGIN_NEEDED', id);
      assert.equal(await outcome(test, operation, { cookie: 'mapwright_login=x' }), 'API_LOGIN_NEEDED', id);
      for (const bad of [revoked, expiring.secret, 'mw_x', '']) {
        assert.equal(await outcome(test, operation, { token: bad }), 'API_TOKEN_REFUSED', id);
      }
    }
  });

  for (const role of ROLES) {
    it(`lets ${role}s in where the table says so, with a login and with a token`, async (t) => {
      const test = await ApiTest.open(t, { limits });
      const [token, name] = [await test.token(role), `a-${role}`];
      await test.user(role, name);
      for (const operation of API_OPERATIONS) {
        const cookie = operation.id === 'logOut' ? await test.login(name) : await known(test, name);
        const expected = mayCall(operation, role) ? 'in' : 'API_FORBIDDEN';
        assert.equal(await outcome(test, operation, { cookie }), expected, `${operation.id} with a login`);
        // A token has no password to change.
        const ofToken = operation.id === 'changeOwnPassword' ? 'in' : expected;
        assert.equal(await outcome(test, operation, { token }), ofToken, `${operation.id} with a token`);
      }
    });
  }

  const cookies = new WeakMap<ApiTest, string>();
  const known = async (test: ApiTest, name: string): Promise<string> => {
    const cookie = cookies.get(test) ?? (await test.login(name));
    cookies.set(test, cookie);
    return cookie;
  };

  it('is open to a token with its scope alone, and closed to one with every other', async (t) => {
    const test = await ApiTest.open(t, { limits });
    for (const scope of ALL_SCOPES) {
      const [own, others] = [await test.token(scope), await test.token(...ALL_SCOPES.filter((one) => one !== scope))];
      for (const operation of API_OPERATIONS.filter(({ access }) => access === scope)) {
        assert.equal(await outcome(test, operation, { token: own }), 'in', operation.id);
        assert.equal(await outcome(test, operation, { token: others }), 'API_FORBIDDEN', operation.id);
      }
    }
    const scopes = API_OPERATIONS.flatMap(({ access }) => (isScope(access) ? [access] : []));
    assert.deepEqual([...new Set(scopes)].toSorted(), [...ALL_SCOPES].toSorted(), 'a scope is of no use');
  });

  it('that changes something does so for no page of another place', async (t) => {
    const test = await ApiTest.open(t, { limits });
    await test.user('administrator', 'anna');
    const cookie = await test.login('anna');
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: '' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://other.maps.test' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const operation of API_OPERATIONS) {
      const isChange = CHANGES.has(operation.method);
      for (const headers of foreign) {
        const expected = isChange && operation.id !== 'logIn' ? 'API_ORIGIN_REFUSED' : 'in';
        const isLogin = operation.id === 'logIn';
        const told = await outcome(test, operation, { cookie, headers });
        assert.equal(told, isLogin ? 'API_ORIGIN_REFUSED' : expected, `${operation.id} ${JSON.stringify(headers)}`);
      }
    }
  });
});

describe('what changes something', () => {
  let reading: readonly Operation[] = [];
  before(() => void (reading = API_OPERATIONS.filter(({ method }) => method === 'get')));

  it('is no GET, and needs more than reading', () => {
    assert.ok(reading.length > 10);
    for (const { id, access } of reading) assert.match(access, /:read$|^session$/u, id);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditIntent, AuditStore } from '../../../src/core/audit.ts';
import { type Caller, localCaller } from '../../../src/core/access.ts';
import { MapwrightError } from '../../../src/core/error.ts';
import type { Administration } from '../../../src/runtime/administration.ts';
import { administrationOf } from '../../../src/runtime/access/audited-administration.ts';
import { AUDIT_RULES } from '../../../src/runtime/access/audit-rules.ts';
import { CONTROL_METHODS } from '../../../src/server/control/control-methods.ts';
import { fakeAdministration } from '../../cli/fake-administration.ts';
import { NOW } from '../../cli/fake-answers.ts';

const TOKEN: Caller = { ...localCaller('deploy'), kind: 'token', from: '10.0.0.7' };

/** An administration in the name of a token, with what its audit was told. */
function open(changes: Partial<Administration> = {}) {
  const owner = fakeAdministration();
  const told: unknown[] = [];
  const audit: AuditStore = {
    begin: (intent: AuditIntent) => Promise.resolve(told.push({ ...intent, calls: owner.calls.length })),
    end: (end) => Promise.resolve(void told.push(end)),
    entries: () => Promise.resolve([]),
  };
  const administration = { ...owner, ...changes };
  const parts = { administration, audit, clock: { now: () => NOW } };
  return { owner, told, audit, named: administrationOf(parts, TOKEN), parts };
}

describe('the administration in the name of a caller', () => {
  it('has every command', () => {
    assert.deepEqual(Object.keys(AUDIT_RULES).toSorted(), [...CONTROL_METHODS].toSorted());
  });

  it('writes what is changed before and after, and gives it in the name of the caller', async () => {
    const { owner, told, named } = open();
    await named.cancel({ id: 3, by: 'somebody else', reason: 'enough' });
    const common = { at: NOW, by: 'token:deploy', kind: 'token', from: '10.0.0.7' };
    assert.deepEqual(told, [
      { ...common, action: 'cancel', target: '3', detail: { asked: { reason: 'enough' } }, calls: 0 },
      { id: 1, outcome: 'done', detail: {} },
    ]);
    assert.deepEqual(owner.calls, [{ method: 'cancel', params: { id: 3, by: 'token:deploy', reason: 'enough' } }]);
  });

  it('writes nothing of what only looks', async () => {
    const { told, named } = open();
    await named.users();
    await named.tryMap({ map: 'm', documents: [], record: {}, context: {}, send: false });
    await named.apply({ documents: [], prune: false, dryRun: true, by: '' });
    assert.deepEqual(told, []);
    await named.tryMap({ map: 'm', documents: [], record: {}, context: {}, send: true });
    assert.equal(told.length, 2);
  });

  it('tells of refusals by their codes', async () => {
    const setSetting = () => Promise.reject(new MapwrightError('NAME_INVALID', 'no name'));
    const { told, named } = open({ setSetting });
    await assert.rejects(named.setSetting({ name: 'a', value: '2' }), { code: 'NAME_INVALID' });
    assert.deepEqual(told.at(-1), { id: 1, outcome: 'refused', code: 'NAME_INVALID' });
  });

  it('changes nothing that cannot be written down', async () => {
    const { owner, parts, audit } = open();
    const begin = () => Promise.reject(new MapwrightError('STORE_UNAVAILABLE', 'the disk is full'));
    const named = administrationOf({ ...parts, audit: { ...audit, begin } }, TOKEN);
    await assert.rejects(named.setSecret({ name: 'a', value: 'v', by: '' }), { code: 'STORE_UNAVAILABLE' });
    assert.deepEqual(owner.calls, []);
  });

  it('keeps values of secrets, records and passwords out', async () => {
    const { told, named } = open();
    await named.setSecret({ name: 'a', value: 'hidden', by: '' });
    await named.setPassword({ name: 'a', password: 'hidden' });
    await named.createRecord({ module: 'M', values: { name: 'hidden' } });
    await named.changeRecord({ id: '14x1', values: { name: 'hidden' } });
    await named.start({ workflow: 'w', context: { key: 'hidden' }, by: '' });
    await named.tryMap({ map: 'm', documents: [], record: { a: 'hidden' }, context: {}, send: true });
    assert.equal(told.length, 12);
    assert.ok(!JSON.stringify(told).includes('hidden'));
  });

  it('tells little of what is very long', async () => {
    const { told, named } = open();
    await named.setSetting({ name: 'a', value: 'x'.repeat(9_000) });
    assert.ok(JSON.stringify(told).length < 1_000);
  });
});

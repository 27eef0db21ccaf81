import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Administration, CredentialEntry } from '../../src/runtime/administration.ts';
import { fakeAdministration } from './fake-administration.ts';
import { NOW } from './fake-answers.ts';
import { runCommand } from './fake-shell.ts';

const OWN: CredentialEntry = {
  name: 'mailbox',
  label: 'Mailbox',
  kind: 'oauth2-authorization-code',
  shared: false,
  signIn: true,
  services: ['mail'],
  missing: [],
  connections: [
    {
      user: 'anna',
      person: 'Anna Berg',
      state: 'connected',
      since: NOW - 3_600_000,
      until: NOW + 60_000,
      renews: true,
      problem: 'login.example.com: slow down',
    },
    { user: 'bert', person: 'Bert', state: 'none' },
  ],
  connected: 1,
  unconnected: 1,
};

const run = (line: string, more: Partial<Administration> = {}) => {
  const administration = { ...fakeAdministration(), ...more };
  return runCommand(line.split(' '), { administration }).then((result) => ({ ...result, calls: administration.calls }));
};

describe('mapwright credential', () => {
  it('lists what there is, and who is connected', async () => {
    const { output } = await run('credential', { credentials: async () => [OWN] });
    assert.match(output, /mailbox +oauth2-authorization-code +mail +1 connected, 1 not/u);
    const missing = { ...OWN, missing: ['key'] };
    assert.match(
      (await run('credential list', { credentials: async () => [missing] })).output,
      /secrets missing: key/u,
    );
    assert.match((await run('credential list', { credentials: async () => [] })).output, /no credential/u);
  });

  it('shows since when, until when, the last problem, and who has not connected', async () => {
    const { output } = await run('credential show mailbox', { credential: async () => OWN });
    assert.match(output, /Anna Berg \(anna\) is connected +since 2026-01-31 08:05:00Z +until 2026-01-31 09:06:00Z/u);
    assert.match(output, /last problem: login\.example\.com: slow down/u);
    assert.match(output, /Bert \(bert\) has not connected/u);
  });

  it('connects: prints the address, waits, and tells the end', async () => {
    const { output, exitCode, calls } = await run('credential connect calendar');
    assert.equal(exitCode, 0);
    assert.match(output, /https:\/\/maps\.example\.com\/oauth\/connect\/t[^]*calendar is connected/u);
    assert.deepEqual(
      calls.filter(({ method }) => method === 'connectCredential').map(({ params }) => params),
      [{ name: 'calendar', user: undefined, by: 'anna' }],
    );
  });

  it('waits for nobody when told not to', async () => {
    const { output, calls } = await run('credential connect calendar --no-wait --json');
    assert.equal((JSON.parse(output) as { readonly url: string }).url, 'https://maps.example.com/oauth/connect/t');
    assert.equal(
      calls.some(({ method }) => method === 'signIn'),
      false,
    );
  });

  it('ends with 1 when nobody is connected at the end of the waiting', async () => {
    const states = {
      failed: /is not connected: no/u,
      expired: /nobody came back in time/u,
      open: /not connected yet/u,
      interrupted: /reload the page/u,
    } as const;
    for (const [state, words] of Object.entries(states)) {
      const signIn: Administration['signIn'] = async () => ({
        state: state as keyof typeof states,
        expiresAt: NOW,
        ...(state === 'failed' ? { problem: 'no' } : {}),
      });
      const { exitCode, output } = await run('credential connect calendar --wait 1ms', { signIn });
      assert.equal(exitCode, 1, state);
      assert.match(output, words);
    }
  });

  it('disconnects, and tells what the provider made of it', async () => {
    const { output, exitCode } = await run('credential disconnect calendar');
    assert.match(output, /is disconnected[^]*took it back/u);
    assert.equal(exitCode, 0);
    const failed = await run('credential disconnect calendar', {
      disconnectCredential: async () => ({ removed: true, provider: 'failed', problem: 'no answer' }),
    });
    assert.match(failed.output, /did not take it back: no answer/u);
    const asked = (await run('credential disconnect mailbox')).calls.find(
      ({ method }) => method === 'disconnectCredential',
    );
    assert.deepEqual(asked?.params, { name: 'mailbox', user: undefined });
  });

  it('tests: yes ends with 0, everything else with 1, and a wrong line with 2', async () => {
    const fine = await run('credential test calendar');
    assert.deepEqual([fine.exitCode, fine.calls[0]?.params], [0, { documents: [], name: 'calendar' }]);
    assert.match(fine.output, /calendar: yes, the other side takes it: status 200/u);
    for (const verdict of ['refused', 'unclear', 'failed'] as const) {
      const testCredential: Administration['testCredential'] = async (params) => ({
        ...(await fakeAdministration().testCredential(params)),
        verdict,
        hint: 'look there',
      });
      const { exitCode, output } = await run('credential test calendar', { testCredential });
      assert.equal(exitCode, 1);
      assert.match(output, /hint: look there/u);
    }
    for (const line of [
      'credential test',
      'credential test a --service s --address https://b',
      'credential test a --address b',
    ]) {
      assert.equal((await run(line)).exitCode, 2, line);
    }
  });
});

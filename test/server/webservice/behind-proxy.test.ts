import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATH, accessKeyFor, challenge, openService } from './client.ts';

const ALLOWED_FAILURES = 10;

async function tries(t: Parameters<typeof openService>[0], proxies: number) {
  const { app } = await openService(t, { proxies });
  return async (address: string, key: string): Promise<number> => {
    const accessKey = accessKeyFor(await challenge(app, 'admin'), key);
    const body = new URLSearchParams({ operation: 'login', username: 'admin', accessKey });
    const headers = { 'x-forwarded-for': address };
    return (await app.request(PATH, { method: 'POST', body, headers })).status;
  };
}

test('behind a proxy one caller who guesses keys locks nobody else out', async (t) => {
  const login = await tries(t, 1);
  for (let count = 0; count < ALLOWED_FAILURES; count++) assert.equal(await login('6.6.6.6', 'guessed'), 200);
  assert.equal(await login('6.6.6.6', 'key-of-admin'), 429);
  assert.equal(await login('7.7.7.7, 6.6.6.6', 'key-of-admin'), 429, 'what a caller notes itself does not count');
  assert.equal(await login('10.0.0.7', 'key-of-admin'), 200);
});

test('without a proxy nobody gets more tries by naming other addresses', async (t) => {
  const login = await tries(t, 0);
  for (let count = 0; count < ALLOWED_FAILURES; count++) assert.equal(await login(`6.6.6.${count}`, 'guessed'), 200);
  assert.equal(await login('10.0.0.7', 'key-of-admin'), 429);
});

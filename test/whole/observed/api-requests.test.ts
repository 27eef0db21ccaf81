import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figures, openObserved } from './observed-install.ts';

describe('requests of the REST API', () => {
  it('are counted and logged by the pattern of their path, and nothing of what they said', async (t) => {
    const { served, lines } = await openObserved(t, {
      documents: [],
      settings: {},
      secrets: {},
      log: { logFormat: 'json' },
    });
    const { administration } = served.install;
    const { secret } = await administration.createToken({ name: 'board', grants: ['viewer'], by: 'test' });
    const ask = async (path: string, init: RequestInit = {}): Promise<void> => {
      const response = await fetch(`${served.url}/api/v1${path}`, {
        ...init,
        headers: { Authorization: `Bearer ${secret}`, ...init.headers },
      });
      await response.body?.cancel();
    };
    await ask('/runs?workflow=planted-query');
    await ask('/runs/7781');
    await ask('/planted-path');
    await ask('/openapi.json', { method: 'HEAD' });
    await ask('/runs', { headers: { Authorization: 'Bearer planted-token', 'X-Request-Id': 'of-a-stranger' } });
    await ask('/runs', { method: 'PROPFIND' });
    const seen = await figures(served.url);
    const expected = {
      'mapwright_api_requests_total{route="/api/v1/runs",method="GET",status="2xx"}': 1,
      'mapwright_api_requests_total{route="/api/v1/runs",method="GET",status="4xx"}': 1,
      'mapwright_api_requests_total{route="/api/v1/runs/{id}",method="GET",status="4xx"}': 1,
      'mapwright_api_requests_total{route="none",method="GET",status="4xx"}': 1,
      'mapwright_api_requests_total{route="none",method="other",status="4xx"}': 1,
      'mapwright_api_requests_total{route="/api/v1/openapi.json",method="HEAD",status="2xx"}': 1,
      'mapwright_api_duration_seconds_count{route="/api/v1/runs",method="GET"}': 2,
    };
    for (const [series, value] of Object.entries(expected)) assert.equal(seen.get(series), value, series);
    const said = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'api-request');
    assert.deepEqual(
      said.map(({ level, method, route, operation, user, status, code }) => [
        level,
        method,
        route,
        operation,
        user,
        status,
        code,
      ]),
      [
        ['info', 'GET', '/api/v1/runs', 'listRuns', 'board', 200, undefined],
        ['info', 'GET', '/api/v1/runs/{id}', 'readRun', 'board', 404, 'RUN_UNKNOWN'],
        ['info', 'GET', undefined, undefined, undefined, 404, 'API_UNKNOWN'],
        ['info', 'HEAD', '/api/v1/openapi.json', undefined, undefined, 200, undefined],
        ['info', 'GET', '/api/v1/runs', 'listRuns', undefined, 401, 'API_TOKEN_REFUSED'],
        ['info', 'other', undefined, undefined, undefined, 404, 'API_UNKNOWN'],
      ],
    );
    assert.equal(said[4]?.['request'], 'of-a-stranger');
    const told = [...lines, ...seen.keys()].join('\n');
    for (const word of ['planted', '7781', secret]) assert.equal(told.toLowerCase().includes(word), false, word);
  });
});

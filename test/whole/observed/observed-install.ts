import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ServedInstall, serveInstall, type ServeParams } from '../../../src/cli/serve-install.ts';
import { isFinal } from '../../../src/core/run.ts';
import type { SourceFile } from '../../../src/runtime/administration.ts';
import { until } from '../poll.ts';

/** A served install whose log lines are kept. */
export interface ObservedInstall {
  readonly served: ServedInstall;
  readonly lines: readonly string[];
  /** Signed in as admin. */
  readonly session: string;
  call(
    parameters: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly response: Response; readonly answer: Envelope }>;
  allEnded(count: number): Promise<void>;
}

interface Envelope {
  readonly success: boolean;
  readonly result: Readonly<Record<string, string>>;
  readonly error?: { readonly code: string };
}

/** Serves documents with settings and secrets; stopped and removed after the test. */
export async function openObserved(
  t: TestContext,
  params: {
    readonly documents: readonly SourceFile[];
    readonly settings: Readonly<Record<string, string>>;
    readonly secrets: Readonly<Record<string, string>>;
    readonly log?: Pick<ServeParams, 'logFormat' | 'logLevel'>;
  },
): Promise<ObservedInstall> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-observed-'));
  const lines: string[] = [];
  const served = await serveInstall({
    folder,
    host: '127.0.0.1',
    port: 0,
    log: (line) => void lines.push(line),
    ...params.log,
  });
  t.after(async () => {
    await served.stop();
    await rm(folder, { recursive: true });
  });
  const { administration } = served.install;
  for (const [name, value] of Object.entries({ ...params.settings, 'egress.allow': '127.0.0.1:*' })) {
    await administration.setSetting({ name, value });
  }
  for (const [name, value] of Object.entries(params.secrets)) {
    await administration.setSecret({ name, value, by: 'test' });
  }
  await administration.apply({ documents: params.documents, prune: true, dryRun: false, by: 'test' });
  const call: ObservedInstall['call'] = async (parameters, headers = {}) => {
    const body = new URLSearchParams(parameters);
    const response = await fetch(`${served.url}/webservice.php`, { method: 'POST', body, headers });
    return { response, answer: (await response.json()) as Envelope };
  };
  const challenge = await call({ operation: 'getchallenge', username: 'admin' });
  const key = served.firstUser?.accessKey ?? assert.fail('the install had a user before');
  const accessKey = createHash('md5').update(`${challenge.answer.result['token']}${key}`).digest('hex');
  const login = await call({ operation: 'login', username: 'admin', accessKey });
  return {
    served,
    lines,
    session: login.answer.result['sessionName'] ?? assert.fail('no session'),
    call,
    allEnded: (count) =>
      until(`${count} runs end`, async () => {
        const runs = await administration.runs({ limit: 200 });
        return runs.length === count && runs.every(({ status }) => isFinal(status)) ? true : undefined;
      }).then(() => undefined),
  };
}

/** Figures by their series: `mapwright_calls_total{destination="head-office",outcome="2xx"}` -> 4. */
export async function figures(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`, { headers });
  assert.equal(response.status, 200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

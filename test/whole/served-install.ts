import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { hasErrors } from '../../src/core/diagnostic.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { isJsonObject } from '../../src/core/json.ts';
import { type Run, isFinal } from '../../src/core/run.ts';
import { type ServedInstall, serveInstall } from '../../src/cli/serve-install.ts';
import type { Install } from '../../src/runtime/install.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { until } from './poll.ts';

/** What the web service answered. */
export interface WebserviceAnswer {
  readonly result: Json;
  readonly code: string | undefined;
  readonly message: string;
  readonly moreinfo: Json;
}

/** An install with a worker behind a real port, spoken to as clients do; closed and removed after the test. */
export class ServedTest {
  readonly served: ServedInstall;
  #session = '';

  private constructor(served: ServedInstall) {
    this.served = served;
  }

  static async open(
    t: TestContext,
    documents: readonly SourceFile[],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<ServedTest> {
    const folder = await mkdtemp(join(tmpdir(), 'mapwright-served-'));
    const served = await serveInstall({ folder, host: '127.0.0.1', port: 0, log: () => undefined });
    t.after(async () => {
      await served.stop();
      await rm(folder, { recursive: true });
    });
    const { administration } = served.install;
    for (const [name, value] of Object.entries({ ...settings, 'egress.allow': '127.0.0.1:*' })) {
      await administration.setSetting({ name, value });
    }
    const report = await administration.apply({ documents, prune: true, dryRun: false, by: 'test' });
    assert.equal(hasErrors(report.diagnostics), false, JSON.stringify(report.diagnostics));
    const test = new ServedTest(served);
    await test.#signIn();
    return test;
  }

  get install(): Install {
    return this.served.install;
  }

  /** A call whose answer nobody waits for: gives the function that hangs up. */
  callInVain(operation: string, parameters: Record<string, string>): () => void {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const call = request(`${this.served.url}/webservice.php`, { method: 'POST', agent: false, headers });
    call.on('error', () => undefined);
    call.end(String(this.#form(operation, parameters)));
    return () => call.destroy();
  }

  async call(operation: string, parameters: Record<string, string>): Promise<WebserviceAnswer> {
    const body = this.#form(operation, parameters);
    const response = await fetch(`${this.served.url}/webservice.php`, { method: 'POST', body });
    const answer: unknown = await response.json();
    assert.ok(isJsonObject(answer));
    const error: JsonObject = isJsonObject(answer['error']) ? answer['error'] : {};
    return {
      result: answer['result'] ?? null,
      code: error['code'] === undefined ? undefined : String(error['code']),
      message: String(error['message'] ?? ''),
      moreinfo: answer['moreinfo'] ?? null,
    };
  }

  /** The record that a call must have given. */
  async record(operation: string, parameters: Record<string, string>): Promise<Readonly<Record<string, string>>> {
    const { result, code, message } = await this.call(operation, parameters);
    assert.equal(code, undefined, message);
    assert.ok(isJsonObject(result));
    return result as Readonly<Record<string, string>>;
  }

  /** Creates a record and gives its id. */
  async create(module: string, element: JsonObject): Promise<string> {
    const { id } = await this.record('create', { elementType: module, element: JSON.stringify(element) });
    return id ?? assert.fail('the record has no id');
  }

  /** Oldest first. */
  async runs(): Promise<readonly Run[]> {
    return (await this.install.administration.runs({ limit: 200 })).toReversed();
  }

  /** All runs once every one has ended; there must be `count` of them. */
  allEnded(count: number): Promise<readonly Run[]> {
    return until(`${count} runs end`, async () => {
      const runs = await this.runs();
      return runs.length === count && runs.every(({ status }) => isFinal(status)) ? runs : undefined;
    });
  }

  #form(operation: string, parameters: Record<string, string>): URLSearchParams {
    return new URLSearchParams({ operation, ...parameters, sessionName: this.#session });
  }

  async #signIn(): Promise<void> {
    const { result } = await this.call('getchallenge', { username: 'admin' });
    const token = isJsonObject(result) ? String(result['token']) : '';
    const key = this.served.firstUser?.accessKey ?? assert.fail('the install had a user before');
    const accessKey = createHash('md5').update(`${token}${key}`).digest('hex');
    const login = await this.record('login', { username: 'admin', accessKey });
    this.#session = login['sessionName'] ?? assert.fail('no session');
  }
}

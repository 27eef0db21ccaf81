import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { isJsonObject } from '../../src/core/json.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';

/** An answer of webservice.php; `error` is its code. */
export interface ServiceAnswer {
  readonly result: Json;
  readonly moreinfo: Json;
  readonly error: string | undefined;
  readonly message: string;
}

/** A client of webservice.php over real HTTP. */
export class ServiceClient {
  readonly #url: string;
  #session = '';

  constructor(url: string) {
    this.#url = `${url}/webservice.php`;
  }

  /** Challenge and login; gives the error's code when it is refused. */
  async logIn(username: string, accessKey: string): Promise<string | undefined> {
    const challenge = await this.call('getchallenge', { username });
    const token = isJsonObject(challenge.result) ? String(challenge.result.token) : '';
    const answer = createHash('md5')
      .update(token + accessKey)
      .digest('hex');
    const { result, error } = await this.call('login', { username, accessKey: answer });
    if (isJsonObject(result)) this.#session = String(result.sessionName);
    return error;
  }

  /** Rejects when no answer of the protocol comes. */
  async call(operation: string, parameters: Readonly<Record<string, string>> = {}): Promise<ServiceAnswer> {
    const body = new URLSearchParams({ operation, sessionName: this.#session, ...parameters });
    const response = await fetch(this.#url, { method: 'POST', body });
    const answer: unknown = await response.json();
    assert.ok(isJsonObject(answer));
    const problem: JsonObject = isJsonObject(answer.error) ? answer.error : {};
    const error = typeof problem.code === 'string' ? problem.code : undefined;
    return {
      result: answer.result ?? null,
      moreinfo: answer.moreinfo ?? null,
      error,
      message: String(problem.message),
    };
  }

  /** A call that must succeed with an object. */
  async object(operation: string, parameters: Readonly<Record<string, string>>): Promise<JsonObject> {
    const { result, error, message } = await this.call(operation, parameters);
    assert.ok(isJsonObject(result), `${operation}: ${error} ${message}`);
    return result;
  }
}

import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { MapwrightError, messageOf } from '../../core/error.ts';
import type { Administration } from '../../runtime/administration.ts';
import { controlAddress, requireOwnSocketFolder } from './control-address.ts';
import { CALL_PATH, CONTROL_METHODS, CONTROL_PROTOCOL, HELLO_PATH, MAX_REQUEST_BYTES } from './control-methods.ts';
import { OPERATOR_HEADER, tooLarge } from './control-methods.ts';
import type { ControlHello, ControlProblem } from './control-methods.ts';

/** How long the owner may take to say who it is; work itself has no limit. */
const HELLO_TIMEOUT_MS = 5000;

/** What connecting to a socket gives when nobody serves it. */
const NOBODY_THERE = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ENOTSOCK']);

/**
 * The Administration of the process that owns the install; undefined when none serves its socket.
 * Rejects with CONTROL_NO_ANSWER when the owner does not react, CONTROL_PROTOCOL when it is of another version, and
 * CONTROL_FOLDER_UNSAFE when another user could serve the socket.
 * Commands are given in the name of `operator`. Methods reject with the owner's errors, and with CONTROL_LOST when the owner goes away meanwhile.
 */
export async function connectControl(folder: string, operator = ''): Promise<Administration | undefined> {
  const address = await addressOrUndefined(folder);
  if (address === undefined) return undefined;
  const hello = await greet(address);
  if (hello === undefined) return undefined;
  if (hello.product !== 'mapwright' || hello.protocol !== CONTROL_PROTOCOL) {
    throw new MapwrightError(
      'CONTROL_PROTOCOL',
      'the server that owns this install is of another version of Mapwright',
      {
        hint: 'run the command with the version that the server runs',
      },
    );
  }
  return remoteAdministration({ address, operator });
}

/** What the process behind a socket says of itself; undefined when there is none. */
export async function greet(address: string): Promise<ControlHello | undefined> {
  try {
    const { body } = await exchange(address, { method: 'GET', path: HELLO_PATH, timeoutMs: HELLO_TIMEOUT_MS });
    return JSON.parse(body);
  } catch (thrown) {
    if (NOBODY_THERE.has(systemCode(thrown) ?? '')) return undefined;
    throw new MapwrightError(
      'CONTROL_NO_ANSWER',
      `the server that owns this install does not answer: ${messageOf(thrown)}`,
      {
        hint: `look whether it hangs or belongs to another user (${address})`,
        cause: thrown,
      },
    );
  }
}

async function addressOrUndefined(folder: string): Promise<string | undefined> {
  try {
    const address = await controlAddress(folder);
    await requireOwnSocketFolder(address);
    return address;
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR') return undefined;
    throw thrown;
  }
}

interface Owner {
  readonly address: string;
  readonly operator: string;
}

function remoteAdministration(owner: Owner): Administration {
  const methods = CONTROL_METHODS.map((method) => [
    method,
    (parameters?: unknown): Promise<unknown> => callMethod(owner, method, parameters),
  ]);
  // Sound because the table that CONTROL_METHODS comes from cannot lack a method of Administration.
  return Object.fromEntries(methods) as Administration;
}

async function callMethod({ address, operator }: Owner, method: string, parameters: unknown): Promise<unknown> {
  const body = Buffer.from(parameters === undefined ? '' : JSON.stringify(parameters));
  if (body.length > MAX_REQUEST_BYTES) throw tooLarge();
  const headers = { [OPERATOR_HEADER]: encodeURIComponent(operator) };
  const answer = await exchange(address, { method: 'POST', path: CALL_PATH + method, body, headers }).catch(
    (cause: unknown) => {
      throw new MapwrightError('CONTROL_LOST', `the server went away before it answered: ${messageOf(cause)}`, {
        hint: 'look whether the command took effect before giving it again',
        cause,
      });
    },
  );
  if (answer.status === 204) return undefined;
  if (answer.status === 200) return JSON.parse(answer.body);
  throw errorOf(answer.body);
}

function errorOf(body: string): MapwrightError {
  const problem: ControlProblem = JSON.parse(body);
  return new MapwrightError(problem.code, problem.detail, {
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    retryable: problem.retryable,
  });
}

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

function exchange(address: string, call: Exchange): Promise<{ readonly status: number; readonly body: string }> {
  const body = call.body ?? Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const sent = request({
      socketPath: address,
      method: call.method,
      path: call.path,
      // One connection per call: the owner can then stop without waiting for idle ones.
      agent: false,
      headers: { ...call.headers, host: 'control', 'content-type': 'application/json', 'content-length': body.length },
      ...(call.timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(call.timeoutMs) }),
    });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      readAll(answer).then((text) => resolve({ status: answer.statusCode ?? 0, body: text }), reject);
    });
    sent.end(body);
  });
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

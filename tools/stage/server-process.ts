import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** An install served by a process of its own: `mapwright serve`. */
export interface StartedServer {
  readonly pid: number;
  /** Resolves when calls are answered; rejects when the process ends before that. */
  readonly ready: Promise<void>;
  /** Ends it at once, with SIGKILL. Rejects when it had ended by itself before that. */
  kill(): Promise<void>;
  /** Asks it to end; resolves when it has. Rejects when it had to be killed after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

export interface ServerParams {
  readonly folder: string;
  readonly port: number;
  /** `serve`, or `worker`. */
  readonly command?: string;
  /** `postgres://...`: where the install is kept, when not in its folder. */
  readonly database?: string;
  /** Environment variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options for Node itself. */
  readonly nodeOptions?: readonly string[];
  /** Where compiled code is kept from one start to the next; a process that is killed keeps none. */
  readonly cacheFolder?: string;
  /** True: Ctrl-C in the terminal reaches only this process, which then ends the server itself. */
  readonly apart?: boolean;
  /** Gets what the server writes to its standard error, piece by piece. */
  readonly onErrorText?: (text: string) => void;
}

const PROGRAM = fileURLToPath(new URL('../../bin/mapwright.js', import.meta.url));
const ERRORS_KEPT = 4_000;
const STOP_GRACE_MS = 30_000;
const READY_TIMEOUT_MS = 30_000;

/** Starts the process; it is not ready yet. */
export function startServer(params: ServerParams): StartedServer {
  const { folder, port, nodeOptions = [], cacheFolder, apart = false, database } = params;
  const command = [...nodeOptions, PROGRAM, params.command ?? 'serve', '--dir', folder, '--port', String(port)];
  const env = {
    ...process.env,
    ...params.env,
    ...(cacheFolder === undefined ? {} : { NODE_COMPILE_CACHE: cacheFolder }),
    ...(database === undefined ? {} : { DATABASE_URL: database }),
  };
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'], env, detached: apart });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-ERRORS_KEPT);
    params.onErrorText?.(text);
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? String(code)));
  });
  return {
    pid: child.pid ?? 0,
    ready: readiness(child, ended, () => errors),
    async kill() {
      child.kill('SIGKILL');
      const how = await ended;
      if (how !== 'SIGKILL') throw new Error(`the server ended by itself (${how}): ${errors}`);
    },
    stop: (graceMs = STOP_GRACE_MS) => stopGently(child, ended, graceMs),
  };
}

/** Resolves at the first line of output: it is printed when calls are answered. */
function readiness(
  child: ChildProcess & { readonly stdout: NodeJS.ReadableStream },
  ended: Promise<string>,
  errors: () => string,
): Promise<void> {
  const spoken = new Promise<void>((resolve) => child.stdout.on('data', () => resolve()));
  const gone = ended.then((how) => {
    throw new Error(`the server ended (${how}) before it was ready: ${errors()}`);
  });
  // Whoever kills a server that is not ready yet does not wait for it either.
  gone.catch(() => undefined);
  const ready = Promise.race([spoken, gone]);
  ready.catch(() => undefined);
  return ready;
}

async function stopGently(child: ChildProcess, ended: Promise<string>, graceMs: number): Promise<void> {
  child.kill('SIGTERM');
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, graceMs);
  await ended;
  clearTimeout(timer);
  if (isLate) throw new Error(`the server did not stop within ${graceMs} ms`);
}

/** Bounds the wait for a server that neither answers nor ends. */
export async function untilReady({ ready }: StartedServer): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not ready after ${READY_TIMEOUT_MS} ms`)), READY_TIMEOUT_MS);
  });
  await Promise.race([ready, late]).finally(() => clearTimeout(timer));
}

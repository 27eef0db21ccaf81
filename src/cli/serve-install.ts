import { randomBytes, randomUUID } from 'node:crypto';
import { localCaller } from '../core/access.ts';
import { closeAll } from '../core/close-all.ts';
import { addSignIn } from './add-sign-in.ts';
import { type Install, openInstall } from '../runtime/install.ts';
import { VERSION } from '../runtime/version.ts';
import { startControlServer } from '../server/control/control-server.ts';
import { Drain } from '../server/drain.ts';
import { startHttpServer } from '../server/http-server.ts';
import { DETAILS } from '../server/log/event-line.ts';
import { type InstallLog, openInstallLog } from '../server/log/install-log.ts';
import type { LogFormat, LogLevel } from '../server/log/log-line.ts';
import { createMetrics, type Metrics } from '../server/metrics/metrics.ts';
import { createServedApp } from '../server/served-app.ts';
import { createWorkerApp } from '../server/worker-app.ts';
import { createQueueWorker } from '../server/webservice/queue-worker.ts';
import { createWebserviceApp } from '../server/webservice/webservice-app.ts';
import type { WebserviceParts } from '../server/webservice/webservice-parts.ts';

/** A running server: web service, control socket and worker on one install. */
export interface ServedInstall {
  /** `http://127.0.0.1:8080`, without a slash at the end. */
  readonly url: string;
  readonly install: Install;
  /** Only at the first start of an install. */
  readonly firstUser?: { readonly name: string; readonly accessKey: string };
  /** Takes no more calls, lets those under way end, hands runs back. */
  stop(): Promise<void>;
}

export interface ServeParams {
  readonly folder: string;
  /** `postgres://...`: where the install is kept, when not in its folder; other nodes may serve it too. */
  readonly database?: string | undefined;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** True: a node that only works on runs; of all that is served, it answers how it is. */
  readonly worksOnly?: boolean;
  /** Proxies in front of the server that name the caller's address in X-Forwarded-For; none when left out. */
  readonly proxies?: number;
  /** Gets one line for each thing an operator should know. */
  readonly log: (line: string) => void;
  /** Of those lines; `text` when left out. */
  readonly logFormat?: LogFormat | undefined;
  /** How much they say; `info` when left out. */
  readonly logLevel?: LogLevel | undefined;
}

const GRACE_MS = 10_000;

/** Opens the install and serves it. Rejects with STORE_LOCKED, SERVER_PORT_IN_USE and others; nothing is left open then. */
export async function serveInstall(params: ServeParams): Promise<ServedInstall> {
  const { folder, database, host, port, worksOnly = false } = params;
  const { install, log, metrics } = await openObserved(params);
  const closing: (() => unknown)[] = [() => metrics.stop(), () => install.close(GRACE_MS)];
  const stop = async (): Promise<void> => {
    install.answerWaiting();
    // Begun before the last answers are out: the runs need not wait for slow clients.
    install.drain(GRACE_MS);
    await closeAll(closing.splice(0).toReversed());
  };
  try {
    const parts = webserviceParts(install, { log, metrics, proxies: params.proxies });
    const { clock } = parts;
    const queue = createQueueWorker(parts, install.operations);
    closing.push(() => queue.stop());
    const own = worksOnly ? createWorkerApp() : createWebserviceApp({ ...parts, queue });
    const stopping = new AbortController();
    if (!worksOnly) {
      const { addApi } = await import('./add-api.ts');
      addApi({ app: own, install, proxies: params.proxies ?? 0, stopping: stopping.signal, log, metrics });
      addSignIn({ app: own, install, proxies: params.proxies ?? 0, log });
    }
    const { observation, outdated } = install;
    const drain = new Drain();
    const app = createServedApp({ health: { observation, metrics, clock, outdated }, drain, apps: [own] });
    const http = await startHttpServer({ app, host, port });
    // How it is the process answers to the very end: whoever sends it work must see that it stops.
    closing.unshift(() => http.close(GRACE_MS));
    closing.push(() => drain.begin(GRACE_MS));
    closing.push(() => stopping.abort());
    install.announceUrl(http.url);
    if (database === undefined) {
      const control = await startControlServer({
        folder,
        administrationOf: (operator) => install.administrationFor(localCaller(operator)),
      });
      closing.push(() => control.close());
    }
    await install.startWorker();
    queue.start();
    const { firstUser } = install;
    return { url: http.url, install, stop, ...(firstUser === undefined ? {} : { firstUser }) };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Opens the install with its log and its figures. */
async function openObserved({ folder, database, log: write, logFormat, logLevel }: ServeParams): Promise<{
  readonly install: Install;
  readonly log: InstallLog;
  readonly metrics: Metrics;
}> {
  let opened: Install | undefined;
  const log = openInstallLog({
    format: logFormat ?? 'text',
    level: logLevel ?? 'info',
    write,
    mask: (text) => opened?.observation.mask(text) ?? text,
  });
  const install = (opened = await openInstall({ folder, database, onEvent: log.event }));
  const { observation, events } = install;
  if (log.isDetailed) for (const kind of DETAILS) events.on(kind, log.event);
  return { install, log, metrics: createMetrics({ observation, events, clock: install.clock, version: VERSION }) };
}

function webserviceParts(
  install: Install,
  {
    log,
    metrics,
    proxies,
  }: { readonly log: InstallLog; readonly metrics: Metrics; readonly proxies: number | undefined },
): WebserviceParts {
  return {
    ...install,
    settings: install.administration,
    proxies,
    ids: { next: () => randomUUID() },
    randomBytes,
    log: log.failed,
    tracer: install.observation.tracer,
    onAnswered(call) {
      log.answered(call);
      metrics.answered(call);
    },
  };
}

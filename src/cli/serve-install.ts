import { randomBytes, randomUUID } from 'node:crypto';
import type { EngineEvent } from '../engine/engine.ts';
import { messageOf } from '../core/error.ts';
import { type Install, openInstall } from '../runtime/install.ts';
import { startControlServer } from '../server/control/control-server.ts';
import { startHttpServer } from '../server/http-server.ts';
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
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Gets one line for each thing an operator should know. */
  readonly log: (line: string) => void;
}

const GRACE_MS = 10_000;

/** Opens the install and serves it. Rejects with STORE_LOCKED, SERVER_PORT_IN_USE and others; nothing is left open then. */
export async function serveInstall(params: ServeParams): Promise<ServedInstall> {
  const { folder, host, port, log } = params;
  const install = await openInstall({ folder, onEvent: (event) => logEvent(log, event) });
  const closing: (() => Promise<void>)[] = [() => install.close(GRACE_MS)];
  const stop = async (): Promise<void> => {
    install.answerWaiting();
    for (const close of closing.splice(0).toReversed()) await close();
  };
  try {
    const parts: WebserviceParts = {
      ...install,
      settings: install.administration,
      clock: { now: () => Date.now() },
      ids: { next: () => randomUUID() },
      randomBytes,
      log: (failure) => log(`${failure.operation ?? 'request'} failed (${failure.id}): ${messageOf(failure.error)}`),
    };
    const queue = createQueueWorker(parts, install.operations);
    closing.push(() => queue.stop());
    const app = createWebserviceApp({ ...parts, queue });
    const http = await startHttpServer({ app, host, port });
    closing.push(() => http.close(GRACE_MS));
    install.announceUrl(http.url);
    const control = await startControlServer({ folder, administration: install.administration });
    closing.push(() => control.close());
    await install.startWorker();
    queue.start();
    const { firstUser } = install;
    return { url: http.url, install, stop, ...(firstUser === undefined ? {} : { firstUser }) };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

function logEvent(log: (line: string) => void, event: EngineEvent): void {
  switch (event.kind) {
    case 'run-ended':
      return log(`run ${event.run} ${event.workflow} ${event.status}`);
    case 'run-waiting':
      return log(`run ${event.run} ${event.workflow} waiting for ${event.wait.for}`);
    case 'run-fenced':
      return log(`run ${event.run} is held by another worker now`);
    case 'fault':
      return log(`${event.run === undefined ? 'engine' : `run ${event.run}`} fault: ${messageOf(event.error)}`);
    case 'run-started':
    case 'step-ended':
      return;
  }
}

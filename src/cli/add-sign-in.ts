import type { Install } from '../runtime/install.ts';
import type { InstallLog } from '../server/log/install-log.ts';
import { createSignInApp } from '../server/sign-in/sign-in-app.ts';
import type { createWebserviceApp } from '../server/webservice/webservice-app.ts';

/** Adds the pages by which people sign in for credentials to the app that is served. */
export function addSignIn(params: {
  readonly app: Pick<ReturnType<typeof createWebserviceApp>, 'route'>;
  readonly install: Install;
  readonly proxies: number;
  readonly log: InstallLog;
}): void {
  const { app, install, proxies, log } = params;
  const { signIns, clock, attempts } = install;
  app.route('/', createSignInApp({ signIns, clock, attempts, proxies, log: log.failed }));
}

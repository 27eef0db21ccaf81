import type { ServedInstall } from './serve-install.ts';

/** Resolves when a newer program has changed the database so that this one has to end. */
export function untilOutdated({ install: { outdated } }: ServedInstall): Promise<void> {
  return new Promise((resolve) => {
    if (outdated.aborted) resolve();
    else outdated.addEventListener('abort', () => resolve(), { once: true });
  });
}

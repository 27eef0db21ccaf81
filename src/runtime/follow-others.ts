import type { EngineEvent } from '../engine/engine.ts';
import type { DocumentLibrary } from './document-library.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { EgressSetting } from './egress-setting.ts';

/** How long a node may go on with documents, settings and the key that another one has replaced. */
const EVERY_MS = 1000;

/** Puts into force what other nodes of the install apply and set, every second, until it is stopped. */
export function followOthers(parts: {
  readonly library: Pick<DocumentLibrary, 'refresh'>;
  readonly egress: Pick<EgressSetting, 'refresh'>;
  readonly keys: Pick<KeyStore, 'refresh'>;
  readonly onEvent: (event: EngineEvent) => void;
}): { stop(): void } {
  let isLooking = false;
  let isFailing = false;
  let isStopped = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      await parts.library.refresh();
      if (!isStopped) await parts.egress.refresh();
      if (!isStopped) await parts.keys.refresh();
      isFailing = false;
    } catch (error) {
      // Told once: while the database is away, the log has better to say than this every second.
      // A look that was under way when the install was closed finds its store closed.
      if (!isFailing && !isStopped) parts.onEvent({ kind: 'fault', run: undefined, error });
      isFailing = true;
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS).unref();
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}

import { NOT_CONNECTED, type TokenKey, type TokenRow } from '../../core/credential.ts';
import { MapwrightError } from '../../core/error.ts';
import type { InboxItem } from '../../core/inbox.ts';
import type { Run, RunId } from '../../core/run.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompiledService } from '../../catalog/compiled-service.ts';
import type { Store } from '../../store/store.ts';
import { commandRun, type RunControlParts } from '../inbox/run-control.ts';

export interface ConnectionParts extends RunControlParts {
  readonly store: RunControlParts['store'] & Pick<Store, 'tokens'>;
  /** The documents in force. */
  readonly catalog: () => Pick<Catalog, 'credentials'>;
}

/** Has runs go on that wait until somebody has signed in for a credential. */
export interface ConnectionWatch {
  start(): void;
  /** Somebody has just signed in. */
  wake(): void;
  /** One look at all that wait. Never rejects. */
  look(): Promise<void>;
  /** Looks no more; resolves when the look under way has ended. */
  stop(): Promise<void>;
}

const EVERY_MS = 5_000;
const PAGE = 200;
const MOST_REMEMBERED = 10_000;

/**
 * A watch for one process. It looks at what is stored, so that a sign-in counts whichever node served it, and also when that
 * died right afterwards. Each run is tried once for each token: one that fails again waits for the next.
 */
export function createConnectionWatch(parts: ConnectionParts): ConnectionWatch {
  const tried = new Map<RunId, number>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  const lookAtAll = async (): Promise<void> => {
    try {
      if (!needsPeople(parts.catalog())) return;
      for await (const item of waiting(parts)) await goOn(parts, item, tried);
    } catch (error) {
      parts.engine.onEvent({ kind: 'fault', run: undefined, error });
    }
  };
  const look = (): Promise<void> => (looking ??= lookAtAll().finally(() => (looking = undefined)));
  return {
    look,
    wake() {
      // One that has begun may have passed the run already.
      void (looking ?? Promise.resolve()).then(look);
    },
    start() {
      timer = setInterval(() => void look(), EVERY_MS).unref();
      void look();
    },
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

function needsPeople({ credentials }: Pick<Catalog, 'credentials'>): boolean {
  return [...credentials.values()].some(({ document }) => document.credentialKind === 'oauth2-authorization-code');
}

/** The newest first. */
async function* waiting({ store }: ConnectionParts): AsyncGenerator<InboxItem> {
  for (let before: RunId | undefined; ;) {
    const items = await store.inbox.items({
      code: NOT_CONNECTED,
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    yield* items;
    before = items.at(-1)?.run;
    if (items.length < PAGE || before === undefined) return;
  }
}

async function goOn(parts: ConnectionParts, item: InboxItem, tried: Map<RunId, number>): Promise<void> {
  if (item.kind !== 'waiting') return;
  const run = await parts.store.journal.run(item.run);
  const token = run && (await tokenFor(parts, run, item.task));
  if (token?.sealed === undefined || tried.get(item.run) === token.version) return;
  if (tried.size >= MOST_REMEMBERED) tried.clear();
  tried.set(item.run, token.version);
  const reason = `credential "${token.credential}" is connected`;
  const head = { by: 'mapwright', at: parts.engine.clock.now(), origin: 'connection', reason };
  try {
    await commandRun(parts, { run: item.run, command: { kind: 'retry' }, head });
  } catch (error) {
    // Somebody was first, a person or another node.
    if (!(error instanceof MapwrightError) || !error.code.startsWith('RUN_')) throw error;
  }
}

async function tokenFor(parts: ConnectionParts, run: Run, taskName: string | undefined): Promise<TokenRow | undefined> {
  const catalog = await parts.engine.catalogAt(run.revision);
  const task = catalog?.workflows.get(run.workflow)?.tasks.get(taskName ?? '');
  if (task?.kind !== 'webservice') return undefined;
  for (const service of [task.service, task.look?.service]) {
    const key = keyOf(service, run);
    const row = key && (await parts.store.tokens.get(key));
    if (row?.sealed !== undefined) return row;
  }
  return undefined;
}

function keyOf(service: CompiledService | undefined, run: Run): TokenKey | undefined {
  const document = service?.credential?.document;
  if (document?.credentialKind !== 'oauth2-authorization-code') return undefined;
  return { credential: document.name, subject: document.isShared ? '' : run.initiator };
}

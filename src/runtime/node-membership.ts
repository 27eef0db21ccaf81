import { hostname } from 'node:os';
import { MapwrightError } from '../core/error.ts';
import type { NodeRegister } from '../core/node.ts';
import type { EngineEvent } from '../engine/engine.ts';
import { VERSION } from './version.ts';

/** Shows this process among the nodes of the install; `outdated` is aborted when it has to end. */
export async function joinNodes(params: {
  readonly nodes: NodeRegister;
  readonly outdated: AbortController;
  /** Stops the work of this process. */
  readonly onOutdated: () => Promise<void>;
  readonly onEvent: (event: EngineEvent) => void;
}): Promise<void> {
  const { nodes, outdated, onOutdated, onEvent } = params;
  await nodes.join({
    name: `${hostname()}:${process.pid}`,
    version: VERSION,
    onOutdated: () => {
      const error = new MapwrightError(
        'STORE_NEWER',
        'The database was changed by a newer version of this program: this node ends, and others take its runs.',
        { hint: 'Start it again with the version of the others.' },
      );
      onEvent({ kind: 'fault', run: undefined, error });
      outdated.abort(error);
      onOutdated().catch((thrown: unknown) => onEvent({ kind: 'fault', run: undefined, error: thrown }));
    },
  });
}

import { join } from 'node:path';
import {
  type PreparedInstall,
  prepareInstall,
  syncDocuments,
  syncSettings,
} from '../../tools/stage/prepared-install.ts';
import { type StartedServer, startServer, untilReady } from '../../tools/stage/server-process.ts';
import { WebserviceSession } from '../../tools/stage/webservice-session.ts';
import { OTHER_DOCUMENTS } from './documents.ts';
import { type Peer, nobody, startHangingPeer, startHealthyPeer } from './peers.ts';

/** What stands at the other end of the products' workflow. */
export const CASES = ['none', 'up', 'down', 'hanging'] as const;
export type CaseName = (typeof CASES)[number];

/** One install in a process of its own, with a client's session. */
export interface Subject {
  readonly name: CaseName;
  readonly install: PreparedInstall;
  readonly session: WebserviceSession;
}

export interface Stage {
  readonly subjects: readonly Subject[];
  close(): Promise<void>;
}

/** Four installs that differ in their products' workflow and its destination alone; and those destinations. */
export async function setStage(folder: string): Promise<Stage> {
  const documents = await syncDocuments('5s');
  const module = documents.filter(({ file }) => file === 'Products.xml');
  const b = await prepareInstall({ folder: join(folder, 'b'), documents: module });
  const peers = { warehouse: await startHealthyPeer(), down: await nobody(), hanging: await startHangingPeer() };
  const servers: StartedServer[] = [];
  const serve = async (install: PreparedInstall): Promise<void> => {
    const server = startServer(install);
    servers.push(server);
    await untilReady(server);
  };
  const close = async (): Promise<void> => {
    await Promise.all([...servers.map((server) => server.stop()), ...Object.values(peers).map((peer) => peer.close())]);
  };
  try {
    await serve(b);
    const urls: Record<CaseName, string> = { none: b.url, up: b.url, down: peers.down.url, hanging: peers.hanging.url };
    const subjects: Subject[] = [];
    for (const name of CASES) {
      const own = name === 'none' ? module : documents;
      const peer = { url: urls[name], accessKey: b.accessKey };
      const install = await prepareSubject({ folder: join(folder, name), own, peer, warehouse: peers.warehouse });
      await serve(install);
      subjects.push({ name, install, session: await WebserviceSession.open(install) });
    }
    return { subjects, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function prepareSubject(params: {
  readonly folder: string;
  readonly own: Awaited<ReturnType<typeof syncDocuments>>;
  readonly peer: Pick<PreparedInstall, 'url' | 'accessKey'>;
  readonly warehouse: Peer;
}): Promise<PreparedInstall> {
  const { settings, secrets } = syncSettings(params.peer);
  return prepareInstall({
    folder: params.folder,
    documents: [...params.own, ...OTHER_DOCUMENTS],
    settings: { ...settings, warehouse_url: params.warehouse.url },
    secrets,
  });
}

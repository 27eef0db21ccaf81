import { join } from 'node:path';
import { freePort } from '../stage/free-port.ts';
import { type PreparedInstall, prepareInstall, syncDocuments, syncSettings } from '../stage/prepared-install.ts';
import { WebserviceSession } from '../stage/webservice-session.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { FaultProxy } from './fault-proxy.ts';
import { HarassedServer } from './harassed-server.ts';

/** Two installs and what stands between them. */
export interface Stage {
  readonly folder: string;
  readonly a: { readonly install: PreparedInstall; readonly server: HarassedServer };
  readonly b: { readonly install: PreparedInstall; readonly server: HarassedServer };
  readonly proxy: FaultProxy;
}

/** Products that B has of its own, so that ids differ. */
export const OWN_PRODUCTS_OF_B = 3;

/** Prepares both installs in the folder; none of their processes runs yet. */
export async function prepareStage(params: {
  readonly folder: string;
  readonly random: () => number;
  readonly tell: (line: string) => void;
}): Promise<Stage> {
  const { folder, random, tell } = params;
  const documents = (await syncDocuments('200ms')).map(hasten);
  const module = documents.filter(({ file }) => file === 'Products.xml');
  const b = await prepareInstall({ folder: join(folder, 'b'), documents: module });
  const port = await freePort();
  const settings = syncSettings({ url: `http://127.0.0.1:${port}`, accessKey: b.accessKey });
  const a = await prepareInstall({ folder: join(folder, 'a'), documents, ...settings });
  const proxy = await FaultProxy.open({ target: b.url, port, random });
  const cacheFolder = process.env['NODE_COMPILE_CACHE'] ?? join(folder, 'cache');
  return {
    folder,
    proxy,
    a: { install: a, server: new HarassedServer({ name: 'A', install: a, cacheFolder, tell }) },
    b: { install: b, server: new HarassedServer({ name: 'B', install: b, cacheFolder, tell }) },
  };
}

/** Gives B its own products; true to its name only once, at the beginning. */
export async function fillProducts(b: PreparedInstall): Promise<void> {
  const session = await WebserviceSession.open(b);
  for (let number = 1; number <= OWN_PRODUCTS_OF_B; number++) {
    await session.create('Products', { productname: `Product ${number} of B`, serial_no: `B-own-${number}` });
  }
}

/** Hours of an outage happen here in seconds: a call that hangs and the longest pause before a retry are as short. */
function hasten({ file, text }: SourceFile): SourceFile {
  return { file, text: text.replace('to="15m"', 'to="3s"').replace('total="30s"', 'total="5s"') };
}

import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { ContestantSetup, WrittenIds } from './contestant.ts';
import { ACCESS_KEY } from './peer.ts';
import { PeerClient } from './peer-client.ts';
import { ProductFile } from './product-file.ts';
import type { Product } from './product.ts';

/** A handler written by hand: POST /products keeps the row, makes the four calls, writes the id back, and answers. */
export function createHandlerContestant() {
  let client: PeerClient | undefined;
  let file: ProductFile | undefined;
  const app = new Hono();
  app.post('/products', async (context) => {
    const product = await context.req.json<Product>();
    const id = file?.insert(product) ?? 0;
    const remoteId = (await client?.chain(product)) ?? '';
    file?.writeRemoteId(id, remoteId);
    return context.json({ id, remoteId });
  });
  const server = createAdaptorServer({ fetch: app.fetch });

  return {
    /** Gives the address that it listens at. */
    async open({ url, folder, connections }: ContestantSetup): Promise<string> {
      client = new PeerClient({ url, accessKey: ACCESS_KEY, connections });
      file = new ProductFile(folder);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async close(): Promise<WrittenIds> {
      server.close();
      await client?.close();
      return file?.close() ?? new Map();
    },
  };
}

import { closedLoop } from './closed-loop.ts';
import type { Contestant } from './contestant.ts';
import { ACCESS_KEY } from './peer.ts';
import { PeerClient } from './peer-client.ts';
import { ProductFile } from './product-file.ts';
import { type Product, productsOf } from './product.ts';

/** The chains as a loop written by hand; with `durable`, each writes its product's id to SQLite. */
export function createRawContestant({ durable }: { readonly durable: boolean }): Contestant {
  let client: PeerClient | undefined;
  let file: ProductFile | undefined;
  let products: readonly Product[] = [];
  let ids: readonly number[] = [];
  const written = new Map<string, string>();

  return {
    open({ url, folder, connections }) {
      client = new PeerClient({ url, accessKey: ACCESS_KEY, connections });
      if (durable) file = new ProductFile(folder);
    },
    prepare({ label, chains }) {
      products = productsOf({ label, count: chains });
      ids = file?.insertAll(products) ?? [];
    },
    async round({ atOnce }) {
      const work = async ([index, product]: readonly [number, Product]): Promise<void> => {
        const remoteId = (await client?.chain(product)) ?? '';
        if (file === undefined) written.set(product.productname, remoteId);
        else file.writeRemoteId(ids[index] ?? 0, remoteId);
      };
      return closedLoop({ items: [...products.entries()], atOnce, work });
    },
    async close() {
      await client?.close();
      return file?.close() ?? written;
    },
  };
}

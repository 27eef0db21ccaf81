import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const PIECE = Buffer.alloc(256 * 1024, 'mapwright');

/** The other side of uploads and downloads: hashes what comes, gives as many bytes as the address says. */
export async function createFilePeer() {
  let received = { bytes: 0, sha256: '' };
  const server = createServer(async (incoming, response) => {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of incoming) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    if (bytes > 0) received = { bytes, sha256: hash.digest('hex') };
    const asked = Number(/\/give\/(\d+)/u.exec(incoming.url ?? '')?.[1] ?? 0);
    response.writeHead(200, { 'content-type': asked === 0 ? 'application/json' : 'application/octet-stream' });
    for (let left = asked; left > 0; left -= PIECE.length) {
      if (!response.write(PIECE.subarray(0, left))) await once(response, 'drain');
    }
    response.end(asked === 0 ? '{}' : undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: async () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: async () => received,
    close: async () => void server.close(),
  };
}

import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another system on this machine, for the examples to call. */
export interface PracticeServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers every request with what `answer` makes of its path and its JSON body. */
export async function startPracticeServer(
  answer: (path: string, body: Record<string, unknown>) => { readonly status: number; readonly body: object },
): Promise<PracticeServer> {
  const server = createServer((request, response) => {
    void readJson(request).then((received) => {
      const { status, body } = answer(request.url ?? '/', received);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

import { createServer } from 'node:http';

// Started as a process of its own: answers every call at once, from memory.
const answer = JSON.stringify({ ok: true });
const server = createServer((incoming, outgoing) => {
  incoming.resume();
  incoming.once('end', () => {
    outgoing.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length });
    outgoing.end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen({ host: '127.0.0.1', port: Number(process.argv[2]) }, () => process.stdout.write('ready\n'));

import type { Command } from 'commander';
import type { PracticeExchange } from '../../server/practice/practice-app.ts';
import { portNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { PAGE_WIDTH } from '../table.ts';
import { cut, oneLine } from '../text-layout.ts';

interface PracticeOptions extends GlobalOptions {
  readonly port: number;
}

const DEFAULT_PORT = 8090;
const GRACE_MS = 500;

/** `mapwright practice`: a service on this machine to call while learning; needs no network and no install. */
export function registerPractice(program: Command, runner: CommandRunner): void {
  const command = program
    .command('practice')
    .description('a small service to call while you learn; shows what it receives')
    .option('--port <number>', 'where to listen, on this machine only; 0 takes any free port', portNumber, DEFAULT_PORT)
    .action((_options: unknown, self: Command) => practice(self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright practice                            on http://127.0.0.1:8090; GET / tells what it can do',
    'mapwright setting set egress.allow 127.0.0.1:8090   lets maps call it',
  ]);
}

async function practice(options: PracticeOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const { createPracticeApp } = await import('../../server/practice/practice-app.ts');
  const { startHttpServer } = await import('../../server/http-server.ts');
  const app = createPracticeApp((exchange) =>
    shell.print(options.json === true ? JSON.stringify(exchange) : renderExchange(exchange)),
  );
  const signal = shell.untilSignal();
  const server = await startHttpServer({ app, host: '127.0.0.1', port: options.port });
  const { url, port } = server;
  runner.show(options, { url }, () => [
    `The practice service answers at ${url}`,
    '  /customers      keeps what is posted and answers {"id": "c1"}; GET /customers/c1 gives it back',
    '  /flaky /slow    fails twice then answers; answers late.   GET / tells the rest',
    `  Maps may call it once you allow it: ${runner.command} setting set egress.allow 127.0.0.1:${port}`,
    'Each request is shown below. Ctrl+C stops it; it keeps nothing.',
    '',
  ]);
  await signal;
  await server.close(GRACE_MS);
}

function renderExchange({ method, path, body, status, answer }: PracticeExchange): string {
  const sent = [method, path, body]
    .filter((part) => part !== '')
    .map(oneLine)
    .join(' ');
  const answered = oneLine(answer === '' ? String(status) : `${status} ${answer}`);
  const half = Math.floor(PAGE_WIDTH / 2) - 2;
  return cut(`${cut(sent, Math.max(half, PAGE_WIDTH - 4 - answered.length))} -> ${answered}`, PAGE_WIDTH);
}

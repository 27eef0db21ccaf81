import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { installFolder } from '../install-folder.ts';
import type { FirstUser } from '../open-administration.ts';
import { renderFirstUser } from '../views/first-user.ts';

interface ServeOptions extends GlobalOptions {
  readonly port: number;
  readonly host: string;
}

/** What a started server tells about itself, once. */
interface ServeFacts {
  readonly url: string;
  readonly folder: string;
  readonly revision: number;
  /** Only at the first start of an install. */
  readonly firstUser?: FirstUser;
}

const DEFAULT_PORT = 8080;

/** `mapwright serve`: owns the install, answers web service calls and runs workflows until it is told to stop. */
export function registerServe(program: Command, runner: CommandRunner): void {
  const command = program
    .command('serve')
    .description('start the server: web service, runs, everything; Ctrl+C stops it')
    .option('--port <number>', 'where to listen; 0 takes any free port', portNumber, DEFAULT_PORT)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .action((_options: unknown, self: Command) => serve(self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright serve                                       on http://127.0.0.1:8080',
    'mapwright serve --dir /srv/mapwright --port 9000',
    'mapwright serve --host 0.0.0.0                        for others in the network',
  ]);
}

function portNumber(written: string): number {
  const port = Number(written);
  if (!/^[0-9]{1,5}$/u.test(written) || port > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

async function serve(options: ServeOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const folder = await installFolder(options, shell);
  const { serveInstall } = await import('../serve-install.ts');
  const signal = shell.untilSignal();
  const server = await serveInstall({
    folder,
    host: options.host,
    port: options.port,
    log: (line: string) => shell.printError(line),
  });
  const { revision } = await server.install.administration.status();
  const { url, firstUser } = server;
  const facts: ServeFacts = {
    url,
    folder,
    revision,
    ...(firstUser === undefined ? {} : { firstUser }),
  };
  runner.show(options, facts, renderServeFacts);
  await signal;
  if (options.json !== true) shell.print('stopping: calls under way are finished; Ctrl+C again ends at once');
  await server.stop();
}

/** What is said when the server has started; the access key of a new install is said only here. */
function renderServeFacts(facts: ServeFacts): string[] {
  return [
    `Mapwright serves ${facts.url}`,
    `  web service  ${facts.url}/webservice.php`,
    `  folder       ${facts.folder}`,
    `  revision     ${facts.revision === 0 ? 'none yet: mapwright apply DOCUMENTS...' : facts.revision}`,
    ...(facts.firstUser === undefined ? [] : ['', ...renderFirstUser(facts.firstUser)]),
    '',
    'Ctrl+C stops it',
  ];
}

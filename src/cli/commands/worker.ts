import type { Command } from 'commander';
import { portNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { databaseName, requireDatabase } from '../install-database.ts';
import { installFolder } from '../install-folder.ts';
import { addLogOptions, type LogOptions, logSettings } from '../log-options.ts';
import { untilOutdated } from '../until-outdated.ts';

interface WorkerOptions extends GlobalOptions, LogOptions {
  readonly port: number;
  readonly host: string;
}

/** What a started worker tells about itself, once. */
interface WorkerFacts {
  readonly url: string;
  readonly folder: string;
  readonly database: string;
  readonly revision: number;
}

const DEFAULT_PORT = 8081;

/** `mapwright worker`: a node that works on runs and answers nobody but those who ask how it is. */
export function registerWorker(program: Command, runner: CommandRunner): void {
  const command = program
    .command('worker')
    .description('one more node for an install in PostgreSQL: works on runs, serves no calls; Ctrl+C stops it')
    .option('--port <number>', 'where /health answers; 0 takes any free port', portNumber, DEFAULT_PORT)
    .option('--host <address>', 'the address where /health answers', '127.0.0.1')
    .action((_options: unknown, self: Command) => work(self.optsWithGlobals(), runner));
  addLogOptions(command);
  addExamples(command, [
    'DATABASE_URL=postgres://me:secret@db/mapwright mapwright worker',
    'mapwright worker --host 0.0.0.0 --port 9000     health for a load balancer or an orchestrator',
    'mapwright nodes                                 who works on the install',
  ]);
}

async function work(options: WorkerOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const database = requireDatabase(options, shell);
  const folder = await installFolder(options, shell);
  const { serveInstall } = await import('../serve-install.ts');
  const signal = shell.untilSignal();
  const server = await serveInstall({
    folder,
    database,
    host: options.host,
    port: options.port,
    worksOnly: true,
    log: (line: string) => shell.printError(line),
    ...logSettings(options, shell),
  });
  const { revision } = await server.install.administration.status();
  const facts: WorkerFacts = { url: server.url, folder, database: databaseName(database), revision };
  runner.show(options, facts, () => [
    `Mapwright works on the runs of ${facts.database}`,
    `  health       ${facts.url}/health`,
    `  folder       ${facts.folder}`,
    `  revision     ${facts.revision === 0 ? 'none yet' : facts.revision}`,
    '',
    'Ctrl+C stops it',
  ]);
  await Promise.race([signal, untilOutdated(server)]);
  if (options.json !== true) shell.print('stopping: calls under way are finished; Ctrl+C again ends at once');
  await server.stop();
  if (server.install.outdated.aborted) throw server.install.outdated.reason;
}

import type { Command } from 'commander';
import { adviceAsCalled } from '../called-as.ts';
import { portNumber, wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { databaseName, installDatabase } from '../install-database.ts';
import { installFolder } from '../install-folder.ts';
import type { DocumentWatch, WatchEvent } from '../document-watch.ts';
import type { FirstUser } from '../open-administration.ts';
import { addLogOptions, type LogOptions, logSettings } from '../log-options.ts';
import { problemOf } from '../problem.ts';
import type { ServedInstall } from '../serve-install.ts';
import type { Shell } from '../shell.ts';
import { documentsBelow } from '../source-files.ts';
import { untilOutdated } from '../until-outdated.ts';
import { UsageError } from '../usage-error.ts';
import { renderFirstUser } from '../views/first-user.ts';
import { renderWatchEvent } from '../views/watch-report.ts';

interface ServeOptions extends GlobalOptions, LogOptions {
  readonly port: number;
  readonly host: string;
  readonly proxies?: number;
  readonly watch?: string;
  readonly prune?: boolean;
}

/** What a started server tells about itself, once. */
interface ServeFacts {
  readonly url: string;
  readonly folder: string;
  /** Where the install is kept, when not in its folder. */
  readonly database?: string;
  readonly revision: number;
  /** The folder whose documents are applied on every save. */
  readonly watches?: string;
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
    .option(
      '--proxies <number>',
      'trusted proxies in front, which name the caller in X-Forwarded-For; else MAPWRIGHT_TRUSTED_PROXIES',
      wholeNumber,
    )
    .option('--watch <folder>', 'for authoring: apply the documents of a folder now and on every save')
    .option('--prune', 'with --watch: also remove documents in force that are in no file')
    .action((_options: unknown, self: Command) => serve(self.optsWithGlobals(), runner));
  addLogOptions(command);
  addExamples(command, [
    'mapwright serve                                       on http://127.0.0.1:8080',
    'mapwright serve --dir /srv/mapwright --port 9000',
    'mapwright serve --host 0.0.0.0                        for others in the network',
    'mapwright serve --log json --log-level debug 2> log.json   every step and call, for a collector',
    'mapwright serve --watch documents                     while you author: every save is applied',
    'DATABASE_URL=postgres://me:secret@db/mapwright mapwright serve    one node of several, on PostgreSQL',
  ]);
}

async function serve(options: ServeOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  await requireWatchable(options, shell);
  const folder = await installFolder(options, shell);
  const { serveInstall } = await import('../serve-install.ts');
  const signal = shell.untilSignal();
  const database = installDatabase(options, shell);
  const server = await serveInstall({
    folder,
    database,
    host: options.host,
    port: options.port,
    proxies: trustedProxies(options, shell),
    log: (line: string) => shell.printError(line),
    ...logSettings(options, shell),
  });
  const { revision } = await server.install.administration.status();
  const { url, firstUser } = server;
  const facts: ServeFacts = {
    url,
    folder,
    ...(database === undefined ? {} : { database: databaseName(database) }),
    revision,
    ...(options.watch === undefined ? {} : { watches: options.watch }),
    ...(firstUser === undefined ? {} : { firstUser }),
  };
  runner.show(options, facts, () => renderServeFacts(facts, runner.command));
  const watch = options.watch === undefined ? undefined : await startWatch(options.watch, options, { server, runner });
  await Promise.race([signal, untilOutdated(server)]);
  await watch?.stop();
  if (options.json !== true) shell.print('stopping: calls under way are finished; Ctrl+C again ends at once');
  await server.stop();
  if (server.install.outdated.aborted) throw server.install.outdated.reason;
}

/** Of `--proxies`, else of MAPWRIGHT_TRUSTED_PROXIES; none when neither says any. Throws a usage error. */
function trustedProxies({ proxies }: ServeOptions, { environment }: Shell): number {
  const written = environment['MAPWRIGHT_TRUSTED_PROXIES'] || '0';
  if (proxies !== undefined) return proxies;
  if (/^\d{1,3}$/u.test(written)) return Number(written);
  throw new UsageError(
    'MAPWRIGHT_TRUSTED_PROXIES is not the number of proxies in front of the server',
    'MAPWRIGHT_TRUSTED_PROXIES=1 mapwright serve',
  );
}

/** Told before the install is opened: a folder that is not there is a mistake, and not one to wait for. */
async function requireWatchable({ watch, prune }: ServeOptions, shell: Shell): Promise<void> {
  if (watch === undefined) {
    if (prune === true) throw new UsageError('--prune goes with --watch', 'mapwright serve --watch FOLDER --prune');
    return;
  }
  await documentsBelow(watch, shell.workingFolder);
}

/** The documents are the whole truth only for whoever authors them: elsewhere `apply` is called by intention. */
async function startWatch(
  folder: string,
  options: ServeOptions,
  { server, runner }: { readonly server: ServedInstall; readonly runner: CommandRunner },
): Promise<DocumentWatch> {
  const { watchDocuments } = await import('../document-watch.ts');
  const { shell } = runner;
  return watchDocuments({
    folder,
    prune: options.prune ?? false,
    administration: server.install.administration,
    shell,
    onEvent: (event) =>
      shell.print(
        options.json === true
          ? JSON.stringify(watchFacts(event))
          : adviceAsCalled(renderWatchEvent(event).join('\n'), runner.command),
      ),
  });
}

/** One line of JSON for each look that changed something or failed. */
function watchFacts(event: WatchEvent): unknown {
  if (event.kind === 'failed') return { kind: event.kind, problem: problemOf(event.error) };
  if (event.kind === 'unreadable') return { kind: event.kind, diagnostics: event.diagnostics };
  return { kind: event.kind, ...event.report, leftOver: event.leftOver };
}

/** What is said when the server has started; the access key of a new install is said only here. */
function renderServeFacts(facts: ServeFacts, command: string): string[] {
  return [
    `Mapwright serves ${facts.url}`,
    `  web service  ${facts.url}/webservice.php`,
    `  folder       ${facts.folder}`,
    ...(facts.database === undefined ? [] : [`  database     ${facts.database}`]),
    `  revision     ${facts.revision === 0 ? `none yet${facts.watches === undefined ? `: ${command} apply DOCUMENTS...` : ''}` : facts.revision}`,
    ...(facts.watches === undefined
      ? []
      : [`  watches      ${facts.watches}: every save is applied at once. For authoring, not for a shared install`]),
    ...(facts.firstUser === undefined ? [] : ['', ...renderFirstUser(facts.firstUser, command)]),
    '',
    'Ctrl+C stops it',
  ];
}

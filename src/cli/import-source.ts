import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { MapwrightError } from '../core/error.ts';
import type { Administration } from '../runtime/administration.ts';
import type { RemoteClient } from '../runtime/import/remote-client.ts';
import type { CommandRunner, GlobalOptions } from './command-runner.ts';
import { missingFile } from './missing-file.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

/** How every command names another install and who asks there. */
export interface SourceOptions extends GlobalOptions {
  readonly user?: string;
  readonly keyFile?: string;
}

/** Where the access key may stand for scripts. */
export const KEY_VARIABLE = 'MAPWRIGHT_IMPORT_KEY';

/** The argument and the options of a command that asks another install. */
export function withSource(command: Command): Command {
  return command
    .argument('<url>', 'the other install, coreBOS or Mapwright: https://crm.example.com')
    .option('--user <name>', 'who asks there; an administrator is shown everything')
    .option(
      '--key-file <file>',
      `its web service access key (default: ${KEY_VARIABLE}, else asked for without showing it)`,
    );
}

/** An install that is asked, and the one here that asks; no administration without an install here. */
export interface AskedSource {
  readonly client: RemoteClient;
  readonly administration: Administration | undefined;
  /** Aborted by Ctrl-C, with CLI_INTERRUPTED. */
  readonly signal: AbortSignal;
}

/**
 * Logs in at the other install for the time of `work`, through the rules for outward calls of the install here. Ctrl-C
 * ends it where it may end. Rejects with what `openRemote` rejects with, and CLI_INTERRUPTED.
 */
export async function withRemote<T>(
  params: {
    readonly url: string;
    readonly options: SourceOptions;
    readonly runner: CommandRunner;
    /** What to do where there is no install: make one, go on without it, or refuse. */
    readonly install: 'make' | 'optional' | 'required';
  },
  work: (source: AskedSource) => Promise<T>,
): Promise<T> {
  const { url, options, runner, install } = params;
  const { user } = options;
  if (user === undefined || user === '') {
    throw new UsageError('who asks there is not said', '--user NAME: an administrator of the other install');
  }
  const accessKey = await readKey(user, options, runner.shell);
  const ask = (administration: Administration | undefined): Promise<T> =>
    connected({ login: { url, user, accessKey }, administration, runner }, work);
  try {
    return await runner.withInstall(options, { create: install === 'make' }, ask);
  } catch (thrown) {
    const isMissing = thrown instanceof MapwrightError && thrown.code === 'CLI_NO_INSTALL';
    if (isMissing && install === 'optional') return ask(undefined);
    throw thrown;
  }
}

async function connected<T>(
  params: {
    readonly login: { readonly url: string; readonly user: string; readonly accessKey: string };
    readonly administration: Administration | undefined;
    readonly runner: CommandRunner;
  },
  work: (source: AskedSource) => Promise<T>,
): Promise<T> {
  const { login, administration, runner } = params;
  const { shell } = runner;
  const { createHttpConnector } = await import('../connector/http-connector.ts');
  const { parseEgressAllow } = await import('../connector/egress-guard.ts');
  const { openRemote } = await import('../runtime/import/remote-client.ts');
  const { policy } = parseEgressAllow((await administration?.settings())?.['egress.allow'] ?? '');
  const connector = createHttpConnector({ egress: () => policy, clock: shell.clock });
  const interrupt = new AbortController();
  void shell.untilSignal().then(() => interrupt.abort(interrupted()));
  const { signal } = interrupt;
  const pause = (milliseconds: number): Promise<void> =>
    setTimeout(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  const onWait = (reason: string, waitMs: number): void =>
    shell.printError(`waiting ${Math.ceil(waitMs / 1000)} s: ${reason}`);
  try {
    const client = await openRemote({ connector, pause, signal, onWait }, login);
    try {
      return await work({ client, administration, signal });
    } finally {
      await client.close();
    }
  } finally {
    await connector.close();
  }
}

function interrupted(): MapwrightError {
  return new MapwrightError('CLI_INTERRUPTED', 'ended where it was', {
    hint: 'the same command goes on from there; nothing is done twice',
  });
}

async function readKey(user: string, { keyFile }: SourceOptions, shell: Shell): Promise<string> {
  const { input, environment, workingFolder } = shell;
  const given =
    keyFile === undefined
      ? (environment[KEY_VARIABLE] ?? (await typedKey(user, input)))
      : await readFile(resolve(workingFolder, keyFile), 'utf8').catch(async (thrown: unknown) => {
          throw await missingFile({ file: keyFile, workingFolder, thrown });
        });
  const key = given.trim();
  if (key !== '') return key;
  throw new MapwrightError('CLI_SECRET_EMPTY', `no access key came for ${user}`, {
    hint: `put it into ${KEY_VARIABLE} or a file for --key-file; never on the command line`,
  });
}

async function typedKey(user: string, input: Shell['input']): Promise<string> {
  if (input.interactive) return input.askHidden(`web service access key of ${user} there (not shown): `);
  return (await input.readAll()).toString('utf8');
}

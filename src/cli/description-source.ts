import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { CallOutcome, Connector } from '../core/call.ts';
import { MapwrightError } from '../core/error.ts';
import { wholeBody } from '../core/large-body.ts';
import type { Administration } from '../runtime/administration.ts';
import type { CommandRunner, GlobalOptions } from './command-runner.ts';
import { missingFile } from './missing-file.ts';
import type { Shell } from './shell.ts';

/** The host that the folder of a description stands behind, so that what it imports is found by its address. */
const FOLDER_ORIGIN = 'http://folder.invalid';

const MAX_BYTES = 64 * 1024 * 1024;

export function isAddress(source: string): boolean {
  return /^https?:\/\//iu.test(source);
}

/**
 * The text of a description: a file, an address, or standard input for `-`. Addresses are asked under the rules for outward
 * calls of the install, where there is one. Rejects with CLI_FILE_MISSING, CLI_FILE_UNREADABLE or IMPORT_DESCRIPTION_UNREACHED.
 */
export async function readInput(source: string, options: GlobalOptions, runner: CommandRunner): Promise<string> {
  const { shell } = runner;
  if (source === '-') return (await shell.input.readAll()).toString('utf8');
  if (isAddress(source)) return withConnector(options, runner, (connector) => fetchText(source, connector));
  try {
    return await readFile(resolve(shell.workingFolder, source), 'utf8');
  } catch (thrown) {
    throw await missingFile({ file: source, workingFolder: shell.workingFolder, thrown });
  }
}

async function fetchText(url: string, connector: Connector): Promise<string> {
  const outcome = await connector.send(
    {
      method: 'GET',
      url,
      headers: [['Accept', 'application/json, application/yaml, text/yaml, */*;q=0.5']],
      body: undefined,
      connectTimeoutMs: 10_000,
      totalTimeoutMs: 60_000,
      maxAnswerBytes: MAX_BYTES,
    },
    {},
  );
  const problem = problemOf(outcome);
  if (outcome.kind === 'answered' && problem === undefined)
    return new TextDecoder().decode(wholeBody(outcome.answer.body));
  throw new MapwrightError('IMPORT_DESCRIPTION_UNREACHED', `${url} could not be read: ${problem ?? ''}`, {
    hint: 'open it in a browser, save it, and give the file',
  });
}

function problemOf(outcome: CallOutcome): string | undefined {
  if (outcome.kind === 'failed') return outcome.failure.message;
  const { status, headers } = outcome.answer;
  const location = headers.find(([name]) => name === 'location')?.[1];
  if (status >= 200 && status < 300) return undefined;
  return `it answered ${status}${location === undefined ? '' : `, look at ${location}`}`;
}

/** A connector under the egress rules of the install, where there is one, for the time of `work`. */
export async function withConnector<T>(
  options: GlobalOptions,
  runner: CommandRunner,
  work: (connector: Connector) => Promise<T>,
): Promise<T> {
  const open = async (administration: Administration | undefined): Promise<T> => {
    const { createHttpConnector } = await import('../connector/http-connector.ts');
    const { parseEgressAllow } = await import('../connector/egress-guard.ts');
    const { policy } = parseEgressAllow((await administration?.settings())?.['egress.allow'] ?? '');
    const connector = createHttpConnector({ egress: () => policy, clock: runner.shell.clock });
    try {
      return await work(connector);
    } finally {
      await connector.close();
    }
  };
  try {
    return await runner.withInstall(options, { create: false }, open);
  } catch (thrown) {
    if (thrown instanceof MapwrightError && thrown.code === 'CLI_NO_INSTALL') return open(undefined);
    throw thrown;
  }
}

/** The address of a file for the connector of its folder. */
export function addressInFolder(file: string): string {
  return `${FOLDER_ORIGIN}/${encodeURIComponent(basename(file))}`;
}

/**
 * Answers with the files of a folder and those below it. What is asked for at another address is looked for by the last part
 * of that address: imports are often written so, and the file lies beside.
 */
export function folderConnector(file: string, shell: Shell): Connector {
  const folder = dirname(resolve(shell.workingFolder, file));
  return {
    async send({ url }) {
      const { origin, pathname } = new URL(url);
      const path = origin === FOLDER_ORIGIN ? pathname : `/${basename(pathname)}`;
      const name = decodeURIComponent(path)
        .replaceAll('\\', '/')
        .split('/')
        .filter((part) => part !== '' && part !== '..')
        .join('/');
      const body = await readFile(join(folder, name)).catch(() => undefined);
      if (body !== undefined) return { kind: 'answered', answer: { status: 200, headers: [], body, durationMs: 0 } };
      const message = `there is no ${name} beside ${file}`;
      const hint = 'put the files that it imports into its folder, or give its address';
      const failure = {
        code: 'IMPORT_DESCRIPTION_UNREACHED',
        cause: 'refused',
        message,
        hint,
        inDoubt: false,
        durationMs: 0,
        partial: undefined,
      } as const;
      return { kind: 'failed', failure };
    },
    close: async () => undefined,
  };
}

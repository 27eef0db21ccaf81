import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareInstall, syncSettings } from '../../tools/stage/prepared-install.ts';
import { BenchProcess, endFirst } from '../process/child-process.ts';
import type { ContestantSetup, RoundFacts, RoundParams, WrittenIds } from './contestant.ts';
import { enterServer } from './http-entrant.ts';
import { ACCESS_KEY } from './peer.ts';
import { documentsUnder, withoutCalls } from './service-limit.ts';

/** One way to make the chains, in a process of its own. */
export interface Entrant {
  readonly pid: number;
  /** What a round needs and does not measure. */
  prepare(params: RoundParams): void | Promise<void>;
  round(params: RoundParams): Promise<RoundFacts>;
  /** Lets go of the database, and tells what stands in it. */
  close(): Promise<WrittenIds>;
  /** Ends the process, whatever has become of it. */
  end(): Promise<void>;
}

export const ENTRANTS = ['engine', 'bare', 'drain', 'raw', 'raw+sqlite', 'http', 'handler'] as const;
export type EntrantName = (typeof ENTRANTS)[number];

export interface EntranceParams extends ContestantSetup {
  /** Put into the service's document; undefined: as it is shipped. */
  readonly limit: number | undefined;
  /** For Node itself, in the process under test. */
  readonly nodeOptions: readonly string[];
}

/** Starts the process of an entrant. */
export async function enter(name: EntrantName, params: EntranceParams): Promise<Entrant> {
  const own = { ...params, folder: join(params.folder, name) };
  await mkdir(own.folder, { recursive: true });
  switch (name) {
    case 'raw':
    case 'raw+sqlite':
      return enterContestant(name, own);
    case 'engine':
    case 'drain':
      await prepareSync(own);
      return enterContestant(name, own);
    case 'bare':
      await prepareSync(own, withoutCalls);
      return enterContestant('engine', own);
    case 'http':
      return enterServer({ ...own, install: await prepareSync(own) });
    case 'handler':
      return enterServer(own);
  }
}

async function enterContestant(
  role: 'raw' | 'raw+sqlite' | 'engine' | 'drain',
  { nodeOptions, ...setup }: EntranceParams,
): Promise<Entrant> {
  const child = new BenchProcess(role, { nodeOptions });
  await child.ask('open', setup).catch(endFirst(child));
  return {
    pid: child.pid,
    prepare: (params) => child.ask('prepare', params),
    round: (params) => child.ask('round', params),
    close: () => child.ask('close', undefined),
    end: () => child.end(),
  };
}

/** An install with the documents that are shipped; but for the settings, and the limit when one is given. */
async function prepareSync(
  { folder, url, limit }: EntranceParams,
  changed: typeof withoutCalls = (documents) => documents,
): ReturnType<typeof prepareInstall> {
  const documents = changed(await documentsUnder(limit));
  return prepareInstall({ folder, documents, ...syncSettings({ url, accessKey: ACCESS_KEY }) });
}

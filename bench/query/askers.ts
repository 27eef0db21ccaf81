import type { PreparedInstall } from '../../tools/stage/prepared-install.ts';
import { startServer, untilReady } from '../../tools/stage/server-process.ts';
import { PeerClient } from '../chains/peer-client.ts';
import { BenchProcess } from '../process/child-process.ts';
import { askRepeatedly, type Asking, type AskingParams } from './question-round.ts';
import { questionsOf } from './questions.ts';

type Ask = (params: AskingParams) => Promise<Asking>;

/** Everybody who can be asked, each in a process of its own. */
export interface Askers {
  readonly crm: Ask;
  readonly webservice: Ask;
  readonly sql: Ask;
  readonly sqlAndTotal: Ask;
  /** Of the library, the server and the statements. */
  readonly pids: readonly number[];
  close(): Promise<void>;
}

/** @param installs two of the same content, for an install belongs to one process */
export async function openAskers(
  installs: { readonly library: PreparedInstall; readonly served: PreparedInstall },
  records: number,
): Promise<Askers> {
  const { library, served } = installs;
  const questions = questionsOf(records);
  const [crm, sql] = [new BenchProcess('crm-query'), new BenchProcess('sql-query')];
  const server = startServer(served);
  const client = new PeerClient({ ...served, connections: 1 });
  const close = async (): Promise<void> => {
    await client.close();
    await Promise.all([crm.end(), sql.end(), server.stop()]);
  };
  try {
    await untilReady(server);
    const session = await client.open();
    await crm.ask('open', { folder: library.folder, records });
    await sql.ask('open', { folder: library.folder, records });
    return {
      crm: (params) => crm.ask('round', params),
      webservice: (params) =>
        askRepeatedly(params, async () => {
          const found = await client.query(session, questions[params.question]?.text ?? '');
          return found.map((row) => row['id'] ?? row['count'] ?? '');
        }),
      sql: (params) => sql.ask('round', { ...params, total: false }),
      sqlAndTotal: (params) => sql.ask('round', { ...params, total: true }),
      pids: [crm.pid, server.pid, sql.pid],
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

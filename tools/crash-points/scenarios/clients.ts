import { TOKEN_SETTING } from '../crash-callers.ts';
import { rowsOf } from '../crash-evidence.ts';
import type { Act, CrashScenario, CrashWorld } from '../scenario.ts';
import { orderDocuments } from './order-documents.ts';

async function idOf({ install }: CrashWorld, no: string): Promise<string> {
  const { records } = await install.crm.query(`select id from Orders where no = '${no}';`);
  return records[0]?.id ?? '';
}

/** An operation that its client repeats under an identifier of its own. */
function operation(name: string, parameters: (world: CrashWorld) => Promise<Readonly<Record<string, string>>>): Act {
  return {
    name,
    async carryOut(world) {
      const cbwsOptions = JSON.stringify({ ClientRequestIdentifier: name });
      await world.web(name.split(' ')[0] ?? '', { cbwsOptions, ...(await parameters(world)) });
    },
  };
}

const TRACKING = 'tracking';

/** Puts a creation off. Whoever got no answer does not know its number, and asks again under the identifier. */
const queued: Act = {
  name: 'a creation that is put off',
  async carryOut({ web, until }) {
    const { operationTrackingID: id } = await web('create', {
      elementType: 'Orders',
      element: '{"no":"C"}',
      cbwsOptions: JSON.stringify({ ClientRequestIdentifier: TRACKING, launchfromqueue: true, queuedelay: 0 }),
    }).then((result) => result as { readonly operationTrackingID?: unknown });
    await until('it is answered', async () => {
      const { result } = (await web('getQueuedOperationResult', { operationTrackingID: String(id) })) as {
        readonly result?: unknown;
      };
      return String(result).startsWith('{') ? true : undefined;
    });
  },
};

/** Clients of the web service and the REST API, each of which repeats what had no answer under the same key. */
export const CLIENTS: CrashScenario = {
  name: 'clients',
  async prepare({ administration }) {
    const { secret } = await administration.createToken({ name: 'client', grants: ['administrator'], by: 'admin' });
    await administration.setSetting({ name: TOKEN_SETTING, value: secret });
  },
  acts: [
    operation('create A', async () => ({ elementType: 'Orders', element: '{"no":"A","status":"Open"}' })),
    operation('create B', async () => ({ elementType: 'Orders', element: '{"no":"B"}' })),
    operation('revise A', async (world) => ({
      element: JSON.stringify({ id: await idOf(world, 'A'), status: 'Won', turn: '1' }),
    })),
    operation('Upsert B', async () => ({
      elementType: 'Orders',
      element: '{"no":"B","turn":"2"}',
      searchOn: 'no',
      updatedfields: 'turn',
    })),
    operation('SetRelation', async (world) => ({
      relate_this_id: await idOf(world, 'A'),
      with_these_ids: JSON.stringify([await idOf(world, 'B')]),
    })),
    operation('UnsetRelation', async (world) => ({
      unrelate_this_id: await idOf(world, 'A'),
      with_these_ids: JSON.stringify([await idOf(world, 'B')]),
    })),
    queued,
    {
      name: 'a creation over the API',
      carryOut: ({ api }) =>
        api({ method: 'POST', path: '/modules/Orders/records', body: { values: { no: 'D' } }, key: 'd' }),
    },
    {
      name: 'a start over the API',
      carryOut: ({ api }) =>
        api({ method: 'POST', path: '/workflows/by-hand/runs', body: { context: { by: 'hand' } }, key: 's' }),
    },
    {
      name: 'an order is deleted',
      async carryOut(world) {
        const id = await idOf(world, 'B');
        // What happens to the runs of a record that goes meanwhile is another matter.
        await world.until('all runs have ended', async () => {
          const open = await world.install.administration.runs({ status: ['pending', 'running'], limit: 1 });
          return open.length === 0 ? true : undefined;
        });
        if (id !== '') await world.web('delete', { id });
      },
    },
  ],
  // The number of a queued operation is not known to whoever got no answer: it may be queued twice, and is done once.
  differs: ['queued_operations', 'answers', 'dedup_keys'],
  judge({ atEnd }) {
    const open = rowsOf(atEnd, 'queued_operations').filter(({ answer }) => answer === null);
    const unanswered = rowsOf(atEnd, 'api_requests').filter(({ answer }) => answer === null);
    return [
      ...(open.length === 0 ? [] : [`${open.length} operations have no answer`]),
      ...(unanswered.length === 0 ? [] : [`${unanswered.length} requests of the API have no answer`]),
    ];
  },
  documents: [
    orderDocuments(
      'clients',
      `<workflow name="made" module="Orders"><trigger on="create"/><tasks>
  <notify id="tell" to="user:admin" template="{record.no} came"/></tasks></workflow>
<workflow name="won" module="Orders" stream="won"><trigger on="first-true"><condition field="status" is="equal" value="Won"/></trigger>
  <tasks><notify id="tell" to="user:admin" template="{record.no} is won"/></tasks></workflow>
<workflow name="linked" module="Orders" stream="links"><trigger on="relate"/><trigger on="unrelate"/><tasks>
  <notify id="tell" to="user:admin" template="{record.no} has another link"/></tasks></workflow>
<workflow name="gone" module="Orders" stream="gone"><trigger on="delete"/><tasks>
  <notify id="tell" to="user:admin" template="an order is gone"/></tasks></workflow>
<workflow name="by-hand"><trigger on="manual"/><tasks><end id="end"/></tasks></workflow>`,
    ),
  ],
};

import type { Administration } from '../../runtime/administration.ts';
import { type Send, path } from './api-exchange.ts';
import { readList, sendChange } from './pages.ts';

type Values = Pick<
  Administration,
  'settings' | 'setSetting' | 'removeSetting' | 'createRecord' | 'changeRecord' | 'record'
>;
type Imports = Pick<
  Administration,
  'importPeople' | 'transferProgress' | 'takeRecords' | 'settleReferences' | 'recordsToGive' | 'noteGiven'
>;

/** Settings and records of an install on another machine. */
export function remoteValues(send: Send): Values {
  return {
    async settings() {
      const items = await readList<{ readonly name: string; readonly value: string }>(send, '/settings');
      return Object.fromEntries(items.map(({ name, value }) => [name, value]));
    },
    setSetting: ({ name, value }) => send({ method: 'PUT', path: path`/settings/${name}`, body: { value } }),
    removeSetting: ({ name }) => sendChange(send, { method: 'DELETE', path: path`/settings/${name}` }),
    createRecord: ({ module, values }) =>
      send({ method: 'POST', path: path`/modules/${module}/records`, body: { values } }),
    changeRecord: ({ id, values }) => send({ method: 'PATCH', path: path`/records/${id}`, body: { values } }),
    record: ({ id }) => send({ method: 'GET', path: path`/records/${id}` }),
  };
}

/** Records on their way between installs, through that one. */
export function remoteImports(send: Send): Imports {
  return {
    importPeople: async (body) => {
      type Outcomes = Awaited<ReturnType<Administration['importPeople']>>;
      return (await send<{ readonly items: Outcomes }>({ method: 'POST', path: '/imports/people', body })).items;
    },
    transferProgress: (body) => send({ method: 'POST', path: '/imports/progress', body }),
    takeRecords: (body) => send({ method: 'POST', path: '/imports/records', body }),
    settleReferences: (body) => send({ method: 'POST', path: '/imports/references', body }),
    recordsToGive: (body) => send({ method: 'POST', path: '/imports/outgoing', body }),
    noteGiven: (body) => send({ method: 'POST', path: '/imports/given', body }),
  };
}

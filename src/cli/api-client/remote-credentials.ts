import type { Administration } from '../../runtime/administration.ts';
import { type Send, path } from './api-exchange.ts';
import { readList } from './pages.ts';

type Credentials = Pick<
  Administration,
  'credentials' | 'credential' | 'connectCredential' | 'signIn' | 'disconnectCredential' | 'testCredential'
>;

/** Credentials of an install on another machine. */
export function remoteCredentials(send: Send): Credentials {
  return {
    credentials: () => readList(send, '/credentials'),
    credential: ({ name }) => send({ method: 'GET', path: path`/credentials/${name}` }),
    connectCredential: ({ name, user }) =>
      send({ method: 'POST', path: path`/credentials/${name}/connect`, body: { user } }),
    signIn: ({ name, id }) => send({ method: 'GET', path: path`/credentials/${name}/sign-ins/${id}` }),
    disconnectCredential: ({ name, user }) =>
      send({ method: 'POST', path: path`/credentials/${name}/disconnect`, body: { user } }),
    testCredential(params) {
      const { name, documents, service, url, user } = params;
      const isPlain = documents.length === 0 && url === undefined && user === undefined;
      if (name === undefined || !isPlain) return send({ method: 'POST', path: '/credentials/test', body: params });
      return send({ method: 'POST', path: path`/credentials/${name}/test`, body: { service } });
    },
  };
}

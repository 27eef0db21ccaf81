import type {
  LibraryAdministration,
  LibraryPage,
  RemovalReport,
} from '../../runtime/library/library-administration.ts';
import type {
  PackAdministration,
  PackImportReport,
  PackRemovalReport,
} from '../../runtime/pack/pack-administration.ts';
import { path, type RawSend, RemoteProblem, type Send } from './api-exchange.ts';
import { readList } from './pages.ts';

/** Single documents of an install on another machine. */
export function remoteLibrary(send: Send): LibraryAdministration {
  return {
    async library({ after, ...query }) {
      const cursor = after === undefined ? undefined : Buffer.from(after).toString('base64url');
      const page = await send<LibraryPage>({ method: 'GET', path: '/documents', query: { ...query, cursor } });
      const next = page.next === undefined ? undefined : Buffer.from(page.next, 'base64url').toString('utf8');
      return { ...page, next };
    },
    libraryDocument: ({ kind, name }) => send({ method: 'GET', path: path`/documents/${kind}/${name}` }),
    removeDocuments: ({ documents, force, dryRun }) =>
      orReport<RemovalReport>(send({ method: 'POST', path: '/documents/remove', body: { documents, force, dryRun } }), [
        'DOCUMENT_NEEDED',
      ]),
    undeleteDocuments: ({ revision }) => send({ method: 'POST', path: path`/revisions/${revision}/undelete` }),
    copyDocument: ({ kind, name, to }) =>
      send({ method: 'POST', path: path`/documents/${kind}/${name}/copy`, body: { to } }),
  };
}

/** Packs of an install on another machine. */
export function remotePacks(send: Send, sendRaw: RawSend): PackAdministration {
  return {
    packs: () => readList(send, '/packs'),
    availablePacks: () => readList(send, '/packs/available'),
    pack: ({ name }) => send({ method: 'GET', path: path`/packs/${name}` }),
    importPack: ({ by: _by, ...body }) =>
      orReport<PackImportReport>(send({ method: 'POST', path: '/packs', body }), [
        'DOCUMENTS_INVALID',
        'PACK_CHANGED_HERE',
      ]),
    exportPack: (body) => send({ method: 'POST', path: '/packs/export', body }),
    removePack: ({ name, force, dryRun }) =>
      orReport<PackRemovalReport>(send({ method: 'DELETE', path: path`/packs/${name}`, query: { force, dryRun } }), [
        'DOCUMENT_NEEDED',
      ]),
    async picture({ name, pack }) {
      const query = pack === undefined ? '' : path`?pack=${pack}`;
      const response = await sendRaw(`${path`/pictures/${name}`}${query}`, {});
      const bytes = Buffer.from(await response.arrayBuffer());
      return { type: response.headers.get('content-type') ?? '', base64: bytes.toString('base64') };
    },
  };
}

/** What was refused with a report is no failure of the command: the report says why. */
async function orReport<T>(answer: Promise<unknown>, codes: readonly string[]): Promise<T> {
  try {
    return (await answer) as T;
  } catch (thrown) {
    if (thrown instanceof RemoteProblem && codes.includes(thrown.code)) return thrown.report as T;
    throw thrown;
  }
}

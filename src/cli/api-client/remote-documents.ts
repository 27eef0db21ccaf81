import { MapwrightError } from '../../core/error.ts';
import type { Administration, ApplyReport, TryMapParams, TryMapReport } from '../../runtime/administration.ts';
import { RemoteProblem, path } from './api-exchange.ts';
import type { Send } from './api-exchange.ts';
import { readList } from './pages.ts';

type Documents = Pick<
  Administration,
  'status' | 'nodes' | 'check' | 'plan' | 'apply' | 'revisions' | 'revision' | 'tryMap' | 'modules'
>;

/** Documents of an install on another machine; `url` stands for its folder. */
export function remoteDocuments(send: Send, url: string): Documents {
  return {
    status: async () => ({ folder: url, url, ...(await send<object>({ method: 'GET', path: '/status' })) }) as Status,
    nodes: () => readList(send, '/nodes'),
    check: (body) => send({ method: 'POST', path: '/documents/check', body }),
    plan: (body) => send({ method: 'POST', path: '/documents/plan', body }),
    async apply({ documents, prune, dryRun, basedOn }) {
      const headers = basedOn === undefined ? {} : { 'if-match': `"revision-${basedOn}"` };
      try {
        return await send({ method: 'POST', path: '/revisions', body: { documents, prune, dryRun }, headers });
      } catch (thrown) {
        // Errors in documents are no failure of the command that found them.
        if (thrown instanceof RemoteProblem && thrown.code === 'DOCUMENTS_INVALID') return thrown.report as ApplyReport;
        throw thrown;
      }
    },
    revisions: ({ limit }) => readList(send, '/revisions', { limit }),
    revision: ({ number = 'current' }) => send({ method: 'GET', path: path`/revisions/${number}` }),
    tryMap: (params) => tryMap(send, params),
    modules: () => readList(send, '/modules'),
  };
}

/** Rejects with TRIAL_SECRETS_REMOTE: no secret leaves the machine of the install. */
async function tryMap(send: Send, { map, step, curl, by: _by, ...given }: TryMapParams): Promise<TryMapReport> {
  if (curl === 'secrets') {
    throw new MapwrightError('TRIAL_SECRETS_REMOTE', 'secrets are shown on the machine of the install alone', {
      hint: 'leave --with-secrets out: the command has variables in their place',
    });
  }
  const body = { ...given, curl: curl !== undefined };
  if (map !== undefined) return send({ method: 'POST', path: path`/maps/${map}/try`, body: { ...body, step } });
  const { run = 0, task = '' } = step ?? {};
  return send({ method: 'POST', path: path`/runs/${run}/steps/${task}/try`, body });
}

type Status = Awaited<ReturnType<Administration['status']>>;

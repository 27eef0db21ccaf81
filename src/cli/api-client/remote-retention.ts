import type { RetentionAdministration } from '../../runtime/retention/retention-administration.ts';
import { type Send, path } from './api-exchange.ts';

/** How long an install on another machine keeps things. */
export function remoteRetention(send: Send): RetentionAdministration {
  return {
    retention: () => send({ method: 'GET', path: '/retention' }),
    previewRetention: ({ kind, ...body }) => send({ method: 'POST', path: path`/retention/${kind}/preview`, body }),
    setRetention: ({ kind, ...body }) => send({ method: 'PATCH', path: path`/retention/${kind}`, body }),
  };
}

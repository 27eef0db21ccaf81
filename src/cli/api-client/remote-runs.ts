import type { InboxFilter } from '../../core/inbox.ts';
import type { Run } from '../../core/run.ts';
import type { Administration, RunDetails } from '../../runtime/administration.ts';
import { type ApiRequest, type Send, path } from './api-exchange.ts';
import { readList, readPages } from './pages.ts';

type Runs = Pick<Administration, 'runs' | 'run' | 'retry' | 'cancel' | 'start'>;
type Inbox = Pick<
  Administration,
  | 'inbox'
  | 'inboxItems'
  | 'inboxItem'
  | 'commandRun'
  | 'previewInbox'
  | 'commandInbox'
  | 'inboxJobs'
  | 'inboxJob'
  | 'stopInboxJob'
>;
type Schedules = Pick<
  Administration,
  'schedules' | 'nextSlots' | 'pauseSchedule' | 'resumeSchedule' | 'runScheduleNow'
>;

/** Runs of an install on another machine. */
export function remoteRuns(send: Send): Runs {
  return {
    async runs({ recordId, key, limit, before, after, ...filter }) {
      const business = key === undefined ? undefined : `${key.name ?? ''}=${key.value}`;
      const query = { ...filter, record: recordId, key: business };
      return (await readPages<Run>(send, { path: '/runs', query }, { limit, before, after })).map(wholeRun);
    },
    run: async ({ id }) => wholeDetails(await send<RunDetails>({ method: 'GET', path: path`/runs/${id}` })),
    retry: ({ id }) => send({ method: 'POST', path: path`/runs/${id}/retry` }),
    cancel: ({ id, reason }) => send({ method: 'POST', path: path`/runs/${id}/cancel`, body: { reason } }),
    start: ({ workflow, ...body }) => send({ method: 'POST', path: path`/workflows/${workflow}/runs`, body }),
  };
}

/** What needs a person there. */
export function remoteInbox(send: Send): Inbox {
  return {
    inbox: (filter) => readList(send, '/inbox', queryOf(filter)),
    inboxItems: ({ limit, before, after, ...filter }) =>
      readPages(send, { path: '/inbox/items', query: queryOf(filter) }, { limit, before, after }),
    async inboxItem({ run }) {
      type Details = Awaited<ReturnType<Administration['inboxItem']>>;
      return wholeDetails(await send<Details>({ method: 'GET', path: path`/inbox/items/${run}` }));
    },
    commandRun: ({ run, command, reason }) =>
      send({ method: 'POST', path: path`/inbox/items/${run}/commands`, body: { command, reason } }),
    previewInbox: (body) => send({ method: 'POST', path: '/inbox/preview', body }),
    commandInbox: ({ filter, command, perSecond, reason }) =>
      send({ method: 'POST', path: '/inbox/jobs', body: { filter, command, perSecond, reason } }),
    inboxJobs: (bounds) => readPages(send, { path: '/inbox/jobs' }, bounds),
    inboxJob: ({ id, limit, after, state }) => {
      const cursor = after === undefined ? undefined : Buffer.from(String(after)).toString('base64url');
      return send({ method: 'GET', path: path`/inbox/jobs/${id}`, query: { limit, cursor, state } });
    },
    stopInboxJob: ({ id, takeBack }) =>
      send({ method: 'POST', path: path`/inbox/jobs/${id}/stop`, body: { takeBack } }),
  };
}

/** Schedules there. */
export function remoteSchedules(send: Send): Schedules {
  return {
    schedules: () => readList(send, '/schedules'),
    nextSlots: ({ name, count }) => send({ method: 'GET', path: path`/schedules/${name}/slots`, query: { count } }),
    pauseSchedule: ({ name }) => send({ method: 'POST', path: path`/schedules/${name}/pause` }),
    resumeSchedule: ({ name }) => send({ method: 'POST', path: path`/schedules/${name}/resume` }),
    runScheduleNow: ({ name }) => send({ method: 'POST', path: path`/schedules/${name}/run` }),
  };
}

/** The interpreter's own notes do not travel. */
function wholeRun(run: Run): Run {
  return { ...run, progress: {} };
}

function wholeDetails<T extends RunDetails>(details: T): T {
  return { ...details, run: wholeRun(details.run) };
}

function queryOf({ owner, recordId, ...filter }: InboxFilter): NonNullable<ApiRequest['query']> {
  return { ...filter, runs: undefined, owner, unowned: owner === null ? true : undefined, record: recordId };
}

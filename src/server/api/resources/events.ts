import { z } from '@hono/zod-openapi';
import type { EngineEvent } from '../../../engine/engine-event.ts';
import { eventStream } from '../event-stream.ts';
import { operation } from '../operation.ts';

const Event = z.object({ kind: z.string(), run: z.int(), workflow: z.string() }).openapi('Event');

/** What happens, as it happens. */
export const EVENT_OPERATIONS = [
  operation({
    id: 'streamEvents',
    method: 'get',
    path: '/events',
    access: 'runs:read',
    tag: 'Runs',
    summary: 'What happens to runs on this node, as server-sent events',
    description:
      'Events are `run-started`, `step-ended`, `run-waiting` and `run-ended`. They are hints: whoever was away reads the runs again. A comment every 15 s keeps the connection.',
    query: z.object({ workflow: z.string().optional() }),
    answer: Event,
    mediaType: 'text/event-stream',
    handle: ({ parts, caller, query, request }) =>
      Promise.resolve(
        eventStream({ parts, caller, request, accepts: (event) => isTold(event) && isOf(event, query.workflow) }),
      ),
  }),
];

/** Faults and lost leases are matters of the server's log. */
function isTold(event: EngineEvent): boolean {
  return ['run-started', 'step-ended', 'run-waiting', 'run-ended'].includes(event.kind);
}

function isOf(event: EngineEvent, workflow: string | undefined): boolean {
  return workflow === undefined || ('workflow' in event && event.workflow === workflow);
}

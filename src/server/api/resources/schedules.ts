import { z } from '@hono/zod-openapi';
import { Moment } from '../document-schemas.ts';
import { operation } from '../operation.ts';
import { listOf } from '../page.ts';

const Schedule = z
  .looseObject({
    name: z.string().openapi({ example: 'cleanup/nightly' }),
    workflow: z.string(),
    module: z.string().optional(),
    records: z.string().optional(),
    when: z.string().openapi({ example: 'every 10 min' }),
    zone: z.string().openapi({ example: 'Europe/Madrid' }),
    missed: z.string(),
    overlap: z.string(),
    paused: z.object({ at: Moment, by: z.string() }).optional(),
    next: Moment.optional(),
    work: z.looseObject({ slot: Moment, startedAt: Moment }).optional(),
    last: z.looseObject({ slot: Moment, kind: z.string(), reason: z.string().optional() }).optional(),
    missedSlots: z.int(),
    problem: z
      .object({
        kind: z.enum(['failing', 'broken']),
        since: Moment.optional(),
        slots: z.int().optional(),
        reason: z.string(),
      })
      .optional()
      .openapi({ description: 'What keeps it from starting anything; left out when it is well.' }),
  })
  .openapi('Schedule');

/** A name may hold a slash, which the path has as %2F. */
const ByName = z.object({ name: z.string().openapi({ example: 'cleanup/nightly' }) });
const common = {
  method: 'post',
  access: 'schedules:write',
  tag: 'Schedules',
  params: ByName,
  answer: Schedule,
} as const;

/** Schedules, and what people do to them. */
export const SCHEDULE_OPERATIONS = [
  operation({
    id: 'listSchedules',
    method: 'get',
    path: '/schedules',
    access: 'schedules:read',
    tag: 'Schedules',
    summary: 'All schedules',
    answer: listOf(Schedule),
    handle: async ({ administration }) => ({ items: await administration.schedules() }),
  }),
  operation({
    id: 'listSlots',
    method: 'get',
    path: '/schedules/{name}/slots',
    access: 'schedules:read',
    tag: 'Schedules',
    summary: 'When a schedule fires next',
    params: ByName,
    query: z.object({ count: z.coerce.number().int().min(1).max(1_000).default(10) }),
    answer: z.object({ zone: z.string(), slots: z.array(Moment) }),
    handle: ({ administration, params, query }) => administration.nextSlots({ ...params, ...query }),
  }),
  operation({
    ...common,
    id: 'pauseSchedule',
    path: '/schedules/{name}/pause',
    summary: 'Fire no more until it is resumed',
    handle: ({ administration, params }) => administration.pauseSchedule({ ...params, by: '' }),
  }),
  operation({
    ...common,
    id: 'resumeSchedule',
    path: '/schedules/{name}/resume',
    summary: 'Go on with the next slot from now',
    handle: ({ administration, params }) => administration.resumeSchedule({ ...params, by: '' }),
  }),
  operation({
    ...common,
    id: 'runScheduleNow',
    path: '/schedules/{name}/run',
    summary: 'Fire once more, now',
    handle: ({ administration, params }) => administration.runScheduleNow({ ...params, by: '' }),
  }),
];

import { basename } from 'node:path';
import { z } from '@hono/zod-openapi';
import type { BackupState } from '../../../runtime/administration.ts';
import { Moment } from '../document-schemas.ts';
import { operation } from '../operation.ts';

const Backup = z
  .looseObject({
    id: z.int(),
    stage: z.enum(['copying', 'checking', 'done', 'failed']),
    file: z.string().openapi({ example: 'mapwright-3f0c7a52-20260302-091407.db' }),
    startedAt: Moment,
    doneBytes: z.int(),
    bytes: z.int(),
  })
  .openapi('Backup');

/** A plain name: where files lie on the machine of the install is no matter of those who come over the network. */
const Name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/u)
  .exactOptional()
  .openapi({
    description: 'In the folder `backups` of the install. Left out: a name of its time.',
    example: 'before-update.db',
  });

/** Copies of everything that is kept. */
export const BACKUP_OPERATIONS = [
  operation({
    id: 'beginBackup',
    method: 'post',
    path: '/backups',
    access: 'backups:write',
    tag: 'Backups',
    summary: 'Write a backup on the machine of the install, in the background',
    body: z.object({
      name: Name,
      replace: z.boolean().default(false),
      keep: z.int().min(1).exactOptional().openapi({ description: 'So many backups stay; only without a name.' }),
    }),
    answer: Backup,
    statuses: [202],
    examples: { body: { keep: 7 } },
    handle: async ({ administration, body: { name, ...body } }) =>
      told(await administration.beginBackup({ ...body, ...(name === undefined ? {} : { target: name }) })),
  }),
  operation({
    id: 'readBackup',
    method: 'get',
    path: '/backups/latest',
    access: 'status:read',
    tag: 'Backups',
    summary: 'How far the latest backup is; nothing when none was asked for since the server started',
    answer: z.object({ backup: Backup.optional() }),
    async handle({ administration }) {
      const state = await administration.backupState();
      return state === undefined ? {} : { backup: told(state) };
    },
  }),
];

function told({ file, removed = [], ...state }: BackupState): unknown {
  return { ...state, file: basename(file), removed: removed.map((name) => basename(name)) };
}

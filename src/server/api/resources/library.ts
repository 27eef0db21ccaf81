import { z } from '@hono/zod-openapi';
import type { RemovalReport as Report } from '../../../runtime/administration.ts';
import { Moment } from '../document-schemas.ts';
import { ApiAnswer, operation } from '../operation.ts';
import { PAGE_QUERY, pageOf } from '../page.ts';
import { ApiRefusal } from '../problem.ts';

const Name = z.string().min(1).max(200);
const DocumentName = z.object({
  kind: Name.openapi({ example: 'map' }),
  name: Name.openapi({ example: 'vies-check' }),
});
const InPath = DocumentName;

const Entry = z
  .looseObject({
    ...DocumentName.shape,
    type: z.string().openapi({ example: 'soap' }),
    label: z.string().optional(),
    description: z.string().optional(),
    author: z.string().optional(),
    service: z.string().optional(),
    pack: z.string().optional(),
    changed: z.object({ revision: z.int(), at: Moment, by: z.string() }).optional(),
    problem: z.string().optional(),
    weaknesses: z.array(z.string()),
  })
  .openapi('LibraryEntry');

const Wanted = z.array(z.object({ name: z.string(), isSet: z.boolean() }));
const Details = Entry.extend({
  file: z.string(),
  text: z.string(),
  logo: z.object({ name: z.string(), isThere: z.boolean(), pack: z.string().optional() }).optional(),
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  errorPlan: z.string().optional(),
  uses: z.array(DocumentName),
  usedBy: z.array(DocumentName),
  settings: Wanted,
  secrets: Wanted,
}).openapi('LibraryDetails');

const Effect = z.object({ ...DocumentName.shape, code: z.string(), message: z.string() });

/** What a removal did, or would do. */
export const RemovalReport = z
  .looseObject({
    before: z.int(),
    revision: z.int(),
    stored: z.boolean(),
    removed: z.array(DocumentName),
    broken: z.array(Effect),
    doubtful: z.array(Effect),
    schedules: z.array(z.string()),
    unfinished: z.array(z.object({ workflow: z.string(), runs: z.int() })),
    needsForce: z.boolean(),
  })
  .openapi('RemovalReport');

const NOT_REMOVED = {
  before: 4,
  revision: 4,
  stored: false,
  removed: [{ kind: 'map', name: 'vies-check' }],
  broken: [],
  doubtful: [],
  schedules: [],
  unfinished: [],
  needsForce: false,
};

/** Single documents: looking, copying, removing and putting back. */
export const LIBRARY_OPERATIONS = [
  operation({
    id: 'listDocuments',
    method: 'get',
    path: '/documents',
    access: 'documents:read',
    tag: 'Documents',
    summary: 'The documents in force, by kind and name',
    query: z.object({
      ...PAGE_QUERY,
      cursor: z.string().max(600).optional().openapi({ description: '`next` of the page before.' }),
      kind: Name.exactOptional(),
      service: Name.exactOptional().openapi({ description: 'Maps that call it.' }),
      search: z.string().min(1).max(200).exactOptional().openapi({
        description: 'In name, label, description, service and type; letter case and accents are ignored.',
      }),
    }),
    answer: pageOf(Entry).extend({ total: z.int() }),
    async handle({ administration, query: { cursor, ...filter } }) {
      const after = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString('utf8');
      const { next, ...page } = await administration.library({ ...filter, after });
      return { ...page, ...(next === undefined ? {} : { next: Buffer.from(next).toString('base64url') }) };
    },
  }),
  operation({
    id: 'readDocument',
    method: 'get',
    path: '/documents/{kind}/{name}',
    access: 'documents:read',
    tag: 'Documents',
    summary: 'A document in force: facts, error plan, what it uses and what uses it',
    params: InPath,
    answer: Details,
    handle: ({ administration, params }) => administration.libraryDocument(params),
  }),
  operation({
    id: 'copyDocument',
    method: 'post',
    path: '/documents/{kind}/{name}/copy',
    access: 'documents:write',
    tag: 'Documents',
    summary: 'Put a copy under another name into force',
    description: 'A copy of a workflow is switched off: both would answer to the same changes.',
    params: InPath,
    body: z.object({ to: Name }),
    answer: z.object({ revision: z.int() }),
    statuses: [201],
    examples: { body: { to: 'vies-check-test' }, answer: { revision: 5 } },
    handle: async ({ administration, params, body }) =>
      new ApiAnswer(201, await administration.copyDocument({ ...params, ...body, by: '' })),
  }),
  operation({
    id: 'removeDocuments',
    method: 'post',
    path: '/documents/remove',
    access: 'documents:write',
    tag: 'Documents',
    summary: 'Remove documents, all or none, as a new revision',
    description:
      'What others need is removed only with `force`, and they with it: DOCUMENT_NEEDED has the `report`. It can be undone: POST /revisions/{number}/undelete.',
    body: z.object({
      documents: z.array(DocumentName).min(1).max(1_000),
      force: z.boolean().default(false),
      dryRun: z.boolean().default(false),
    }),
    answer: RemovalReport,
    examples: {
      body: { documents: [{ kind: 'map', name: 'vies-check' }], force: false, dryRun: true },
      answer: NOT_REMOVED,
    },
    async handle({ administration, body }) {
      const report = await administration.removeDocuments({ ...body, by: '' });
      if (report.needsForce && !body.dryRun) throw needed(report);
      return report;
    },
  }),
  operation({
    id: 'undeleteDocuments',
    method: 'post',
    path: '/revisions/{number}/undelete',
    access: 'documents:write',
    tag: 'Documents',
    summary: 'Put back the documents that a revision took away',
    params: z.object({ number: z.coerce.number().int().positive() }),
    answer: z.object({ revision: z.int(), documents: z.array(DocumentName) }),
    examples: { answer: { revision: 6, documents: [{ kind: 'map', name: 'vies-check' }] } },
    handle: ({ administration, params }) => administration.undeleteDocuments({ revision: params.number, by: '' }),
  }),
];

/** A removal that was refused because something would break. */
export function needed(report: Report): ApiRefusal {
  const [first] = report.broken;
  const more = report.broken.length > 1 ? ` and ${report.broken.length - 1} more` : '';
  const what = first === undefined ? 'schedules or runs' : `${first.kind} "${first.name}"${more}`;
  return new ApiRefusal(409, 'DOCUMENT_NEEDED', `${what} would be without it; nothing was removed`, {
    hint: 'with "force": true they are removed as well; the report tells all of it',
    report,
  });
}

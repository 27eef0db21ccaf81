import { z } from '@hono/zod-openapi';
import { hasErrors } from '../../../core/diagnostic.ts';
import type { ApplyReport as Report } from '../../../runtime/administration.ts';
import { ApplyReport, CheckReport, PlanReport, Revision, RevisionSummary, SourceFile } from '../document-schemas.ts';
import { ApiAnswer, operation } from '../operation.ts';
import { listOf } from '../page.ts';
import { ApiRefusal } from '../problem.ts';

const documents = z.array(SourceFile).max(10_000);
const Prune = z.boolean().default(false).openapi({ description: 'Documents in force that are not given are removed.' });
const DOCUMENTS = [{ file: 'services/crm.xml', text: '<service xmlns="https://mapwright.dev/ns/1" name="crm"/>' }];
const NO_CHANGE = { revision: 4, stored: false, changes: [], diagnostics: [] };

const ETAG = /^(?:W\/)?"revision-(\d+)"$/u;

/** Documents and their revisions. */
export const DOCUMENT_OPERATIONS = [
  operation({
    id: 'checkDocuments',
    method: 'post',
    path: '/documents/check',
    access: 'documents:read',
    tag: 'Documents',
    summary: 'Check documents against those in force',
    description: 'Answers 200 also when there are errors: look at `diagnostics`.',
    isLarge: true,
    body: z.object({ documents }),
    answer: CheckReport,
    examples: { body: { documents: DOCUMENTS }, answer: { plans: [], counts: { service: 1 }, diagnostics: [] } },
    handle: ({ administration, body }) => administration.check(body),
  }),
  operation({
    id: 'planDocuments',
    method: 'post',
    path: '/documents/plan',
    access: 'documents:read',
    tag: 'Documents',
    summary: 'What applying documents would change',
    isLarge: true,
    body: z.object({ documents, prune: Prune }),
    answer: PlanReport,
    examples: { body: { documents: DOCUMENTS, prune: false } },
    handle: ({ administration, body }) => administration.plan(body),
  }),
  operation({
    id: 'applyDocuments',
    method: 'post',
    path: '/revisions',
    access: 'documents:write',
    tag: 'Documents',
    summary: 'Apply documents, all or none',
    description:
      'Makes a revision (201), or none when nothing differs (200). Documents with errors are refused with DOCUMENTS_INVALID; the problem has the `report`. With `If-Match` they are applied to that revision alone (412 DOCUMENTS_CHANGED).',
    isLarge: true,
    ifMatch: true,
    body: z.object({ documents, prune: Prune, dryRun: z.boolean().default(false) }),
    answer: ApplyReport,
    statuses: [200, 201],
    examples: { body: { documents: DOCUMENTS, prune: false, dryRun: false }, answer: NO_CHANGE },
    async handle({ administration, body, request }) {
      const basedOn = revisionIn(request.headers.get('if-match'));
      const report = await administration.apply({ ...body, by: '', basedOn });
      if (!body.dryRun && hasErrors(report.diagnostics)) throw invalid(report);
      return new ApiAnswer(report.stored ? 201 : 200, report, { ETag: etag(report.revision) });
    },
  }),
  operation({
    id: 'listRevisions',
    method: 'get',
    path: '/revisions',
    access: 'documents:read',
    tag: 'Documents',
    summary: 'The newest revisions first',
    query: z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(50) }),
    answer: listOf(RevisionSummary),
    examples: { answer: { items: [{ number: 4, at: 1_767_171_900_000, by: 'anna', documents: 12 }] } },
    handle: async ({ administration, query }) => ({ items: await administration.revisions(query) }),
  }),
  operation({
    id: 'readRevision',
    method: 'get',
    path: '/revisions/{number}',
    access: 'documents:read',
    tag: 'Documents',
    summary: 'A revision with its documents as they were applied',
    description: '`current` is the one in force; its ETag goes into `If-Match` when documents are applied.',
    params: z.object({
      number: z.union([z.literal('current'), z.coerce.number().int().positive()]).openapi({ example: 'current' }),
    }),
    answer: Revision,
    async handle({ administration, params }) {
      const revision = await administration.revision({
        number: params.number === 'current' ? undefined : params.number,
      });
      return new ApiAnswer(200, revision, { ETag: etag(revision.number) });
    },
  }),
];

function etag(revision: number): string {
  return `"revision-${revision}"`;
}

/** Throws API_IF_MATCH for anything but one ETag of ours. */
function revisionIn(header: string | null): number | undefined {
  if (header === null || header === '*') return undefined;
  const number = ETAG.exec(header)?.[1];
  if (number !== undefined) return Number(number);
  throw new ApiRefusal(422, 'API_IF_MATCH', `If-Match is no ETag of a revision: ${header.slice(0, 100)}`, {
    hint: 'such as If-Match: "revision-4", as GET /api/v1/revisions/current answers',
  });
}

function invalid(report: Report): ApiRefusal {
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return new ApiRefusal(422, 'DOCUMENTS_INVALID', `the documents have ${errors.length} errors; nothing was changed`, {
    ...(first === undefined ? {} : { hint: `${first.file}:${first.range.start.line} ${first.code} ${first.message}` }),
    report,
  });
}

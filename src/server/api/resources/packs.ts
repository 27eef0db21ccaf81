import { z } from '@hono/zod-openapi';
import { hasErrors } from '../../../core/diagnostic.ts';
import type { Caller, Scope } from '../../../core/access.ts';
import type { PackImportReport as ImportReport } from '../../../runtime/administration.ts';
import { Diagnostic, Moment } from '../document-schemas.ts';
import { ApiAnswer, operation } from '../operation.ts';
import { listOf } from '../page.ts';
import { ApiRefusal } from '../problem.ts';
import { needed, RemovalReport } from './library.ts';

const Name = z.string().min(1).max(200);
const DocumentName = z.object({ kind: z.string(), name: z.string() });
const Summary = z.looseObject({
  name: z.string().openapi({ example: 'vies' }),
  version: z.string().openapi({ example: '1.0.0' }),
  label: z.string().optional(),
  author: z.string().optional(),
  licence: z.string().optional(),
  description: z.string().optional(),
  logo: z.string().optional(),
  documents: z.int(),
});
const Installed = Summary.extend({
  imported: z.object({ revision: z.int(), at: Moment, by: z.string() }).optional(),
  shipped: z.string().optional().openapi({ description: 'The version that comes with the program, if another.' }),
}).openapi('InstalledPack');
const Available = Summary.extend({ installed: z.string().optional() }).openapi('AvailablePack');
const Need = z.looseObject({
  kind: z.enum(['setting', 'secret']),
  name: z.string(),
  description: z.string(),
  required: z.boolean(),
});
const Details = Summary.extend({
  isInstalled: z.boolean(),
  tested: z.string().optional(),
  contents: z.array(DocumentName.extend({ state: z.enum(['as-imported', 'changed', 'missing', 'available']) })),
  needs: z.array(Need),
}).openapi('PackDetails');
const PackImportReport = z
  .looseObject({
    pack: Summary,
    before: z.string().optional(),
    revision: z.int(),
    stored: z.boolean(),
    changes: z.array(z.object({ kind: z.string(), name: z.string(), change: z.string() })),
    isOlder: z.boolean(),
    changedHere: z.array(
      DocumentName.extend({
        pack: z.string().optional().openapi({ description: 'Another pack that brings it too.' }),
      }),
    ),
    needsOverwrite: z.boolean(),
    needs: z.array(Need),
    values: z.array(z.object({ name: z.string(), value: z.string() })),
    diagnostics: z.array(Diagnostic),
  })
  .openapi('PackImportReport');
const PackExport = z
  .looseObject({
    file: z.string().openapi({ example: 'vies-1.0.0.zip' }),
    archive: z.string().openapi({ description: 'The zip, in base64.' }),
    pack: Summary,
    contents: z.array(DocumentName),
    diagnostics: z.array(Diagnostic),
  })
  .openapi('PackExport');

const ByName = z.object({ name: Name.openapi({ example: 'vies' }) });
const FLAG = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** Packs of documents, and the pictures that they bring. */
export const PACK_OPERATIONS = [
  operation({
    id: 'listPacks',
    method: 'get',
    path: '/packs',
    access: 'documents:read',
    tag: 'Packs',
    summary: 'The packs that are installed',
    answer: listOf(Installed),
    handle: async ({ administration }) => ({ items: await administration.packs() }),
  }),
  operation({
    id: 'listAvailablePacks',
    method: 'get',
    path: '/packs/available',
    access: 'documents:read',
    tag: 'Packs',
    summary: 'The packs that come with the program',
    answer: listOf(Available),
    handle: async ({ administration }) => ({ items: await administration.availablePacks() }),
  }),
  operation({
    id: 'readPack',
    method: 'get',
    path: '/packs/{name}',
    access: 'documents:read',
    tag: 'Packs',
    summary: 'A pack: its documents, what became of them here, what it wants',
    params: ByName,
    answer: Details,
    handle: ({ administration, params }) => administration.pack(params),
  }),
  operation({
    id: 'importPack',
    method: 'post',
    path: '/packs',
    access: 'documents:write',
    tag: 'Packs',
    summary: 'Put a pack into force, all or none',
    description:
      'Give `archive`, a zip in base64, or `shipped`, the name of one that comes with the program. Documents that were changed here are replaced only with `overwrite` (409 PACK_CHANGED_HERE); `withValues` needs settings:write.',
    isLarge: true,
    body: z.object({
      archive: z.string().exactOptional(),
      shipped: Name.exactOptional(),
      overwrite: z.boolean().default(false),
      withValues: z.boolean().default(false),
      dryRun: z.boolean().default(false),
      basedOn: z.int().nonnegative().exactOptional().openapi({ description: 'The `revision` that a dry run told of.' }),
    }),
    answer: PackImportReport,
    statuses: [200, 201],
    examples: { body: { shipped: 'vies', overwrite: false, withValues: false, dryRun: true } },
    async handle({ administration, body, caller }) {
      if (body.withValues && !body.dryRun) requireScope(caller, 'settings:write');
      const report = await administration.importPack({ ...body, by: '' });
      if (!body.dryRun) refuse(report);
      return new ApiAnswer(report.stored ? 201 : 200, report);
    },
  }),
  operation({
    id: 'exportPack',
    method: 'post',
    path: '/packs/export',
    access: 'documents:read',
    tag: 'Packs',
    summary: 'An installed pack, or a service with its maps, as a zip',
    description: 'Takes along what the documents need. Never holds secrets or tokens; values of settings by choice.',
    body: z.object({
      pack: Name.exactOptional(),
      service: Name.exactOptional(),
      name: Name.exactOptional(),
      version: Name.exactOptional(),
      withValues: z.boolean().default(false),
    }),
    answer: PackExport,
    examples: { body: { pack: 'vies', withValues: false } },
    async handle({ administration, body, caller }) {
      if (body.withValues) requireScope(caller, 'settings:read');
      return administration.exportPack(body);
    },
  }),
  operation({
    id: 'removePack',
    method: 'delete',
    path: '/packs/{name}',
    access: 'documents:write',
    tag: 'Packs',
    summary: 'Remove a pack and what it brought, as documents are removed',
    params: ByName,
    query: z.object({ force: FLAG, dryRun: FLAG }),
    answer: RemovalReport,
    async handle({ administration, params, query }) {
      const report = await administration.removePack({ ...params, ...query, by: '' });
      if (report.needsForce && !query.dryRun) throw needed(report);
      return report;
    },
  }),
  operation({
    id: 'readPicture',
    method: 'get',
    path: '/pictures/{name}',
    access: 'documents:read',
    tag: 'Packs',
    summary: 'A picture that a logo names',
    params: ByName,
    query: z.object({ pack: Name.exactOptional().openapi({ description: 'The pack whose picture it is.' }) }),
    answer: z.string().openapi({ format: 'binary' }),
    mediaType: 'image/png',
    async handle({ administration, params, query }) {
      const { type, base64 } = await administration.picture({ ...params, ...query });
      // Whatever is in it, a browser shows it and runs, loads and frames nothing.
      return new Response(Buffer.from(base64, 'base64'), {
        headers: {
          'Content-Type': type,
          'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
          'X-Content-Type-Options': 'nosniff',
          'Cross-Origin-Resource-Policy': 'same-origin',
          'Cache-Control': 'private, max-age=300',
        },
      });
    },
  }),
];

/** Throws API_FORBIDDEN: values of settings are no matter of those who may see or change documents alone. */
function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.has(scope)) return;
  throw new ApiRefusal(403, 'API_FORBIDDEN', `${caller.name} may not do this: it needs ${scope}`, {
    hint: 'leave withValues away',
  });
}

/** Throws DOCUMENTS_INVALID or PACK_CHANGED_HERE for an import that changed nothing. */
function refuse(report: ImportReport): void {
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
  if (hasErrors(report.diagnostics)) {
    const [first] = errors;
    throw new ApiRefusal(422, 'DOCUMENTS_INVALID', `the pack has ${errors.length} errors; nothing was changed`, {
      ...(first === undefined
        ? {}
        : { hint: `${first.file}:${first.range.start.line} ${first.code} ${first.message}` }),
      report,
    });
  }
  if (!report.needsOverwrite) return;
  const names = report.changedHere.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  throw new ApiRefusal(409, 'PACK_CHANGED_HERE', `changed here, and would be replaced: ${names.slice(0, 500)}`, {
    hint: 'nothing was changed; with "overwrite": true they are replaced',
    report,
  });
}

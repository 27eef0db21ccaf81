import { z } from '@hono/zod-openapi';
import type { Caller, Scope } from '../../../core/access.ts';
import type { TryMapParams } from '../../../runtime/administration.ts';
import { changesWhereItGoes, type TrialOverrides } from '../../../engine/trial/trial-overrides.ts';
import { GIVEN_PLACES } from '../../../engine/trial/given-parameters.ts';
import { Diagnostic, SourceFile } from '../document-schemas.ts';
import { operation } from '../operation.ts';
import { ApiRefusal } from '../problem.ts';
import { Failure, RecordedAnswer, RecordedRequest, RunId, StepEffect } from '../run-schemas.ts';
import { JsonValues } from './records.ts';

const TriedOutput = z.object({
  from: z.string(),
  field: z.string().optional(),
  context: z.string().optional(),
  type: z.string().optional(),
  outcome: z.enum(['written', 'kept', 'absent', 'failed', 'unasked']),
  value: z.unknown().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  hint: z.string().optional(),
});

const TryReport = z
  .object({
    diagnostics: z.array(Diagnostic),
    map: z.string().optional(),
    request: RecordedRequest.optional(),
    answer: RecordedAnswer.optional(),
    failure: Failure.optional(),
    rule: z
      .object({
        status: z.int(),
        expected: z.array(z.string()),
        from: z.enum(['map', 'service', 'default']),
        isMet: z.boolean(),
      })
      .optional(),
    outputs: z.array(StepEffect),
    tried: z.array(TriedOutput).optional(),
    warnings: z.array(z.string()),
    timings: z.looseObject({ totalMs: z.number() }).optional(),
    mayChange: z.boolean().optional(),
    written: z.object({ id: z.string(), fields: z.array(z.string()) }).optional(),
    curl: z.object({ command: z.string(), variables: z.array(z.string()), notes: z.array(z.string()) }).optional(),
  })
  .openapi('TryReport');

const texts = z.record(z.string(), z.string());

const StoredFile = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.int(),
  sha256: z.string(),
});

const Overrides = z
  .strictObject({
    parameters: z
      .array(
        z.strictObject({
          name: z.string(),
          value: z.json().openapi({ type: 'string', description: 'Any JSON; of a file what POST /files answered.' }),
          in: z.enum(GIVEN_PLACES).optional(),
        }),
      )
      .optional(),
    headers: z
      .array(z.tuple([z.string(), z.string()]))
      .optional()
      .openapi({ description: 'In the place of headers of these names, or beside the others.' }),
    body: z.union([z.string(), StoredFile]).optional(),
    settings: texts.optional(),
    set: texts.optional().openapi({ example: { 'timeout.total': '5s' } }),
    credential: z.string().optional(),
  })
  .openapi('TrialOverrides');

const given = {
  documents: z.array(SourceFile).default([]),
  record: JsonValues.default({}),
  recordId: z.string().optional(),
  context: JsonValues.default({}),
  input: JsonValues.optional(),
  overrides: Overrides.optional(),
  send: z.boolean().default(false),
  write: z.boolean().default(false),
  curl: z.boolean().default(false),
};

type Given = z.infer<z.ZodObject<typeof given>>;

const ABOUT =
  'Without `send` the request is built and shown, and nothing leaves. Nothing is written unless `write` says so. ' +
  'Unsaved documents, settings, credentials and what `set` changes need `documents:write`: they may send secrets elsewhere. ' +
  'A stored record, and that of a run, needs `records:read`, `write` needs `records:write`.';

/** Maps called by hand. Where a call goes is for those who write documents; what it says, for whoever keeps runs going. */
export const TRIAL_OPERATIONS = [
  operation({
    id: 'tryMap',
    method: 'post',
    path: '/maps/{name}/try',
    access: 'maps:try',
    tag: 'Documents',
    summary: 'Call a map once, and see what it sends and gets',
    description: ABOUT,
    isLarge: true,
    params: z.object({ name: z.string() }),
    body: z.object({ ...given, step: z.object({ run: RunId, task: z.string() }).optional() }),
    answer: TryReport,
    examples: {
      body: {
        record: { productname: 'Bolt' },
        overrides: { parameters: [{ name: 'folderId', value: '77', in: 'path' }] },
        send: false,
      },
    },
    handle({ administration, caller, params, body: { step, ...body } }) {
      requireScopes(caller, body, step !== undefined);
      return administration.tryMap({ ...trialOf(body), map: params.name, step });
    },
  }),
  operation({
    id: 'tryStep',
    method: 'post',
    path: '/runs/{id}/steps/{task}/try',
    access: 'maps:try',
    tag: 'Runs',
    summary: 'Call the map of a task again by hand, with what the run knows',
    description: `The run does not notice. ${ABOUT}`,
    isLarge: true,
    params: z.object({ id: RunId, task: z.string() }),
    body: z.object(given),
    answer: TryReport,
    examples: { body: { send: false } },
    handle({ administration, caller, params: { id, task }, body }) {
      requireScopes(caller, body, true);
      return administration.tryMap({ ...trialOf(body), step: { run: id, task } });
    },
  }),
];

function trialOf({ curl, overrides, ...rest }: Given): TryMapParams {
  // The caller's own name takes the place of it.
  const by = '';
  return { ...rest, by, overrides: overridesOf(overrides), curl: curl ? 'placeholders' : undefined };
}

/** Sound because the schema reads any JSON as what JSON.parse gave. */
function overridesOf(overrides: Given['overrides']): TrialOverrides | undefined {
  return overrides as TrialOverrides | undefined;
}

/** Throws API_FORBIDDEN for what one part of the request needs and the caller may not. */
function requireScopes(caller: Caller, { documents, overrides, recordId, write }: Given, readsRun: boolean): void {
  const needed: readonly (readonly [boolean, Scope])[] = [
    [documents.length > 0 || changesWhereItGoes(overridesOf(overrides) ?? {}), 'documents:write'],
    // A step brings its record along.
    [recordId !== undefined || readsRun, 'records:read'],
    [readsRun, 'runs:read'],
    [write, 'records:write'],
  ];
  for (const [isNeeded, scope] of needed) {
    if (!isNeeded || caller.scopes.has(scope)) continue;
    throw new ApiRefusal(403, 'API_FORBIDDEN', `${caller.name} may not do this: it needs ${scope}`, {
      hint: 'ask an administrator for another role, or for a token with this scope',
    });
  }
}

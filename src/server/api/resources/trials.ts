import { z } from '@hono/zod-openapi';
import { Diagnostic, SourceFile } from '../document-schemas.ts';
import { operation } from '../operation.ts';
import { Failure, RecordedAnswer, RecordedRequest, StepEffect } from '../run-schemas.ts';
import { JsonValues } from './records.ts';

const TryReport = z
  .object({
    diagnostics: z.array(Diagnostic),
    request: RecordedRequest.optional(),
    answer: RecordedAnswer.optional(),
    failure: Failure.optional(),
    outputs: z.array(StepEffect),
    warnings: z.array(z.string()),
  })
  .openapi('TryReport');

/** Maps run by hand. Who may do that may send secrets to where documents say, so that it needs what `apply` needs. */
export const TRIAL_OPERATIONS = [
  operation({
    id: 'tryMap',
    method: 'post',
    path: '/maps/{name}/try',
    access: 'documents:write',
    tag: 'Documents',
    summary: 'Run a map once, and see what it sends and gets',
    description: 'Without `send` the request is built and shown, and nothing leaves. Nothing is written in any case.',
    isLarge: true,
    params: z.object({ name: z.string() }),
    body: z.object({
      documents: z.array(SourceFile).default([]),
      record: JsonValues.default({}),
      recordId: z.string().optional(),
      context: JsonValues.default({}),
      send: z.boolean().default(false),
    }),
    answer: TryReport,
    examples: { body: { documents: [], record: { productname: 'Bolt' }, context: {}, send: false } },
    handle({ administration, params, body }) {
      const { recordId, ...rest } = body;
      return administration.tryMap({ ...rest, map: params.name, ...(recordId === undefined ? {} : { recordId }) });
    },
  }),
];

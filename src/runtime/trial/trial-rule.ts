import type { JsonObject } from '../../core/json.ts';
import type { AuditRule } from '../access/audit-rules.ts';
import type { TryMapParams, TryMapReport } from './trial-administration.ts';

const MOST_NAMED = 50;
const LONGEST_NAME = 200;

/** How a trial is told in the audit: names of what was given, whom was called and what came of it; no values. */
export const TRIAL_RULE: AuditRule<TryMapParams, TryMapReport> = {
  target: ({ map, step }) => shortened(map ?? (step === undefined ? '' : `${step.run}/${step.task}`)),
  // Whoever sees secrets is told of, too.
  isChange: ({ send, curl }) => send || curl === 'secrets',
  asked: asked,
  after: ({ map, request, answer, failure, written }) => ({
    map: map ?? null,
    method: request?.method ?? null,
    host: hostOf(request?.url),
    status: answer?.status ?? null,
    failure: failure?.code ?? null,
    ...(written === undefined ? {} : { written: { id: written.id, fields: some(written.fields) } }),
  }),
};

function asked({ send, write = false, curl, step, recordId, documents, overrides = {} }: TryMapParams): JsonObject {
  const { parameters = [], headers = [], settings = {}, set = {}, credential, body } = overrides;
  const given = {
    parameters: parameters.map(({ name }) => name),
    headers: headers.map(([name]) => name),
    settings: Object.keys(settings),
    set: Object.keys(set),
  };
  const named = Object.entries(given).flatMap(([what, names]) =>
    names.length === 0 ? [] : [[what, some(names)] as const],
  );
  return {
    send,
    ...(write ? { write } : {}),
    ...(curl === 'secrets' ? { secretsShown: true } : {}),
    ...(step === undefined ? {} : { run: step.run, step: shortened(step.task) }),
    ...(recordId === undefined ? {} : { record: shortened(recordId) }),
    ...(documents.length === 0 ? {} : { unsaved: some(documents.map(({ file }) => file)) }),
    ...Object.fromEntries(named),
    ...(body === undefined ? {} : { body: true }),
    ...(credential === undefined ? {} : { credential: shortened(credential) }),
  };
}

/** Whoever tries gives the names: as many and as long as fit into an entry. */
function some(names: readonly string[]): string[] {
  return names.slice(0, MOST_NAMED).map(shortened);
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}...` : name;
}

function hostOf(url: string | undefined): string | null {
  return url === undefined ? null : (URL.parse(url)?.host ?? null);
}

import type { Methods } from './methods.ts';

/** What a process of the benchmarks may be, each loaded alone, so that no role's memory holds another's code. */
export const ROLES = {
  peer: async () => (await import('../chains/peer.ts')).createPeer(),
  engine: async () => (await import('../chains/engine-contestant.ts')).createEngineContestant(),
  drain: async () => (await import('../chains/drain-contestant.ts')).createDrainContestant(),
  raw: async () => (await import('../chains/raw-contestant.ts')).createRawContestant({ durable: false }),
  'raw+sqlite': async () => (await import('../chains/raw-contestant.ts')).createRawContestant({ durable: true }),
  handler: async () => (await import('../chains/handler-contestant.ts')).createHandlerContestant(),
  'calls-peer': async () => (await import('../calls/calls-peer.ts')).createCallsPeer(),
  'undici-caller': async () => (await import('../calls/undici-caller.ts')).createUndiciCaller(),
  'map-caller': async () => (await import('../calls/map-caller.ts')).createMapCaller(),
  'run-caller': async () => (await import('../calls/run-caller.ts')).createRunCaller(),
  'healthy-peer': async () => (await import('../save/healthy-peer.ts')).createHealthyPeer(),
  saver: async () => (await import('../save/saver.ts')).createSaver(),
  'hostile-peer': async () => (await import('../bystander/hostile-peer.ts')).createHostilePeer(),
  bystander: async () => (await import('../bystander/bystander.ts')).createBystander(),
  checker: async () => (await import('../check/checker.ts')).createChecker(),
  validator: async () => (await import('../check/validator.ts')).createValidator(),
  evaluator: async () => (await import('../expressions/evaluator.ts')).createEvaluator(),
  memory: async () => (await import('../memory/memory-subject.ts')).createMemorySubject(),
  'crm-query': async () => (await import('../query/crm-query.ts')).createCrmQuery(),
  'sql-query': async () => (await import('../query/sql-query.ts')).createSqlQuery(),
  history: async () => (await import('../history/history-subject.ts')).createHistorySubject(),
  'journal-node': async () => (await import('../journal/journal-node.ts')).createJournalNode(),
  'engine-node': async () => (await import('../engine/engine-node.ts')).createEngineNode(),
  'file-peer': async () => (await import('../files/file-peer.ts')).createFilePeer(),
  files: async () => (await import('../files/file-subject.ts')).createFileSubject(),
  'bare-server': async () => (await import('../creates/bare-server.ts')).createBareServer(),
} satisfies Readonly<Record<string, () => Promise<Methods>>>;

export type Role = keyof typeof ROLES;

/** What the parent may ask a process of this role. */
export type MethodsOf<R extends Role> = Awaited<ReturnType<(typeof ROLES)[R]>>;

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

import {
  type RetentionPolicy,
  RUN_OUTCOMES,
  type RunOutcome,
  type RunRule,
  type WorkflowKeep,
} from '../../core/retention.ts';
import type { RetentionStore } from '../../core/retention-store.ts';
import type { Catalog } from '../../catalog/catalog.ts';

/** What workflows say of their own runs, by their names. */
export type WorkflowKeeps = ReadonlyMap<string, WorkflowKeep>;

/** What the workflows in force say; the others are left out. */
export function workflowKeeps({ workflows }: Pick<Catalog, 'workflows'>): WorkflowKeeps {
  const keeps = new Map<string, WorkflowKeep>();
  for (const [name, { document }] of workflows) {
    const { keepMs, keepFailedMs } = document;
    if (keepMs !== undefined || keepFailedMs !== undefined) keeps.set(name, { keepMs, keepFailedMs });
  }
  return keeps;
}

/** What a workflow says of runs that ended like this; undefined when it says nothing. */
function keepOf(keep: WorkflowKeep, outcome: RunOutcome): number | null | undefined {
  return outcome === 'completed' ? keep.keepMs : keep.keepFailedMs;
}

const STATUSES = ['completed', 'failed', 'canceled'] as const;

/** The rules by which runs go: those of one outcome, whose workflow says nothing, by age and by number; and those of one workflow. */
export interface OutcomeRules {
  readonly outcome: RunOutcome;
  readonly byAge: readonly RunRule[];
  readonly byNumber: readonly RunRule[];
  readonly ofWorkflows: readonly (RunRule & { readonly workflow: string })[];
}

/** The rules of all outcomes at a time. */
export async function runRules(
  store: Pick<RetentionStore, 'oldestOf'>,
  given: { readonly policy: RetentionPolicy; readonly keeps: WorkflowKeeps; readonly now: number },
): Promise<readonly OutcomeRules[]> {
  return Promise.all(RUN_OUTCOMES.map((outcome) => rulesOf(store, { ...given, outcome })));
}

async function rulesOf(
  store: Pick<RetentionStore, 'oldestOf'>,
  given: {
    readonly policy: RetentionPolicy;
    readonly keeps: WorkflowKeeps;
    readonly now: number;
    readonly outcome: RunOutcome;
  },
): Promise<OutcomeRules> {
  const { policy, keeps, now, outcome } = given;
  const { keepMs, atMost } = policy[outcome];
  const own = [...keeps].flatMap(([workflow, keep]) => {
    const kept = keepOf(keep, outcome);
    return kept === undefined ? [] : [{ workflow, kept }];
  });
  const except = own.map(({ workflow }) => workflow);
  const handled = outcome === 'handled';
  const kinds = (handled ? STATUSES : [outcome]).map((status) => ({ status, handled }));
  const oldest = atMost === null ? undefined : await store.oldestOf({ outcome, except, atMost });
  return {
    outcome,
    byAge: keepMs === null ? [] : kinds.map((kind) => ({ ...kind, except, endedBefore: now - keepMs })),
    byNumber: oldest === undefined ? [] : kinds.map((kind) => ({ ...kind, except, before: oldest })),
    ofWorkflows: own.flatMap(({ workflow, kept }) =>
      kept === null ? [] : kinds.map((kind) => ({ ...kind, workflow, except: [], endedBefore: now - kept })),
    ),
  };
}

/** How many runs are past what the rules say, those that somebody still needs among them. */
export async function countDue(store: Pick<RetentionStore, 'count'>, rules: OutcomeRules): Promise<number> {
  const sum = async (some: readonly RunRule[]): Promise<number> => {
    const counts = await Promise.all(some.map((rule) => store.count(rule)));
    return counts.reduce((total, count) => total + count, 0);
  };
  // Both begin with the oldest runs: the larger number holds the smaller one.
  const [byAge, byNumber, ofWorkflows] = await Promise.all([
    sum(rules.byAge),
    sum(rules.byNumber),
    sum(rules.ofWorkflows),
  ]);
  return Math.max(byAge, byNumber) + ofWorkflows;
}

import type { DocumentName } from '../../core/document-store.ts';
import { documentKey } from '../document-set.ts';
import type { AnalysedSet, OwnedProblem } from './analysed-set.ts';
import type { RemovalEffect, RemovalReport } from './library-administration.ts';

/** What the removal of documents means for the others. */
export type RemovalConsequences = Pick<RemovalReport, 'broken' | 'doubtful' | 'schedules'> & {
  /** Workflows that are removed, or lean on what is. */
  readonly workflows: readonly string[];
};

/** Compares a set of documents with the same without some of them, and without all that cannot be without those. */
export function removalOf(whole: AnalysedSet, removed: readonly DocumentName[]): RemovalConsequences {
  const known = new Set(whole.problems.map(problemKey));
  const gone = new Set(removed.map(documentKey));
  const broken: RemovalEffect[] = [];
  for (;;) {
    const rest = whole.without(gone);
    const fresh = rest.problems.filter((problem) => !known.has(problemKey(problem)));
    const next = eachOnce(fresh.filter(({ severity }) => severity === 'error'));
    if (next.length === 0) {
      return { broken, ...affectedBy(whole, rest, fresh), workflows: workflowsOver(whole, removed) };
    }
    broken.push(...next);
    for (const effect of next) gone.add(documentKey(effect));
  }
}

function affectedBy(
  whole: AnalysedSet,
  rest: AnalysedSet,
  fresh: readonly OwnedProblem[],
): Pick<RemovalConsequences, 'doubtful' | 'schedules'> {
  const warnings = fresh.filter(({ severity, kind }) => severity === 'warning' && kind !== 'pack');
  const schedules = [...whole.catalog.schedules.values()].filter(({ name }) => !rest.catalog.schedules.has(name));
  return { doubtful: eachOnce(warnings), schedules: schedules.map(({ name }) => name) };
}

function problemKey({ kind, name, code, message }: OwnedProblem): string {
  return `${kind} ${name} ${code} ${message}`;
}

/** The first problem of each document tells why. */
function eachOnce(problems: readonly OwnedProblem[]): RemovalEffect[] {
  const first = new Map<string, RemovalEffect>();
  for (const { kind, name, code, message } of problems) {
    const key = documentKey({ kind, name });
    if (!first.has(key)) first.set(key, { kind, name, code, message });
  }
  return [...first.values()];
}

/** Names lead from a map to its workflows, from a service over its maps. */
function workflowsOver(whole: AnalysedSet, removed: readonly DocumentName[]): string[] {
  const seen = new Map(removed.map((one) => [documentKey(one), one]));
  // A map keeps the order in which things are put in, and goes on with what is put in meanwhile.
  for (const one of seen.values()) {
    for (const user of whole.usedBy(one)) seen.set(documentKey(user), seen.get(documentKey(user)) ?? user);
  }
  return [...seen.values()].flatMap(({ kind, name }) => (kind === 'workflow' ? [name] : []));
}

import type { ExperimentFacts } from './experiment.ts';
import type { KillFacts } from './killer.ts';
import type { LoadFacts } from './load.ts';

const EXAMPLES_SHOWN = 5;

/** True when no promise was broken. */
export function isKept({ findings }: ExperimentFacts): boolean {
  return findings.every(({ broken }) => broken.length === 0);
}

/** One line while it runs. */
export function renderProgress(done: KillFacts, load: LoadFacts, kills: number): string {
  return `  ${done.kills} of ${kills} kills, ${load.saves} saves accepted, ${load.repeats} repeated`;
}

/** Counts, promises, verdict. */
export function renderVerdict(facts: ExperimentFacts): string {
  const { findings } = facts;
  return [
    `${facts.kills} kills (${facts.killsAtStartup} during start-up), seed ${facts.seed}, ${facts.seconds.toFixed(0)} s`,
    `${facts.saves} saves of ${facts.products} products, ${facts.repeats} times repeated; ${facts.runs} runs`,
    `${facts.interrupted} steps interrupted, ${facts.renewals} sessions opened anew, ${facts.sessionsLeftOpen} left open at B`,
    '',
    ...findings.flatMap(({ promise, broken }) => [
      `${broken.length === 0 ? 'kept  ' : 'BROKEN'}  ${promise}`,
      ...broken.slice(0, EXAMPLES_SHOWN).map((example) => `          ${example}`),
      ...(broken.length > EXAMPLES_SHOWN ? [`          and ${broken.length - EXAMPLES_SHOWN} more`] : []),
    ]),
    '',
    isKept(facts) ? 'nothing lost, nothing doubled' : 'WRONG',
  ].join('\n');
}

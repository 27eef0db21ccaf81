import type { ChaosFacts, ChaosProgress } from './experiment.ts';
import { type Finding, areKept } from './finding.ts';

const EXAMPLES_SHOWN = 5;
const NO_KILL = 'without a kill';

/** One line while it runs. */
export function renderProgress(progress: ChaosProgress, kills: number): string {
  const { phase, seconds, saves, repeats, left } = progress;
  const done = `${seconds.toFixed(0)} s: ${progress.kills} of ${kills} kills, ${saves} saves accepted, ${repeats} repeated`;
  return phase === 'load' ? `  ${done}` : `  ${done}; waiting for ${left ?? 0} runs to end`;
}

/** Counts, promises, verdict. `replay` is the command that does the same again. */
export function renderVerdict(facts: ChaosFacts, replay: string): string {
  const { findings } = facts;
  const faults = Object.entries(facts.faults);
  return [
    `${facts.isInterrupted ? 'ended early; ' : ''}seed ${facts.seed}, ${facts.seconds.toFixed(0)} s`,
    facts.kills === 0
      ? NO_KILL
      : `${facts.kills} kills (${facts.kills - facts.killsOfB} of A, ${facts.killsOfB} of B, ${facts.killsAtStartup} during start-up)`,
    `${facts.restarts} restarts with SIGTERM, ${facts.freezes} freezes of A for longer than a lease`,
    `calls harmed: ${faults.length === 0 ? 'none' : faults.map(([name, count]) => `${name} ${count}`).join(', ')}`,
    `${facts.saves} saves of ${facts.products} products, ${facts.repeats} times repeated; ${facts.runs} runs`,
    `${facts.interrupted} steps interrupted, ${facts.renewals} sessions opened anew, ${facts.sessionsLeftOpen} left open at B, ${facts.retriedByHand} retries by hand`,
    ...examples('faults told by the servers themselves', facts.serverFaults),
    '',
    ...renderFindings(findings),
    '',
    ...(areKept(findings)
      ? ['nothing lost, nothing doubled']
      : [
          `WRONG: ${brokenOnes(facts)} of ${findings.length} promises broken; both installs are left in ${facts.folder}`,
        ]),
    `the same again: ${replay}`,
  ].join('\n');
}

/** Each promise: kept, or where it was broken. */
export function renderFindings(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ promise, broken }) =>
    broken.length === 0 ? [`kept    ${promise}`] : examples(`BROKEN  ${promise}`, broken),
  );
}

function brokenOnes({ findings }: ChaosFacts): number {
  return findings.filter(({ broken }) => broken.length > 0).length;
}

function examples(title: string, all: readonly string[]): string[] {
  if (all.length === 0) return [];
  const more = all.length - EXAMPLES_SHOWN;
  return [
    `${title} (${all.length})`,
    ...all.slice(0, EXAMPLES_SHOWN).map((example) => `          ${example}`),
    ...(more > 0 ? [`          and ${more} more`] : []),
  ];
}

import { areKept } from '../finding.ts';
import { renderFindings } from '../report.ts';
import type { NodesChaosFacts } from './experiment.ts';

/** Counts, promises, verdict. `replay` is the command that does the same again. */
export function renderNodesVerdict(facts: NodesChaosFacts, replay: string): string {
  const { findings } = facts;
  return [
    `seed ${facts.seed}, ${facts.nodes} nodes, ${facts.seconds.toFixed(0)} s`,
    `${facts.kills} kills, ${facts.freezes} freezes for longer than a lease, ${facts.restarts} restarts of nodes; ${facts.databaseRestarts} of PostgreSQL`,
    `${facts.saves} saves, ${facts.runs} runs; ${facts.repeatedCalls} calls sent again under their key`,
    `the slowest takeover of a dead node's runs: ${(facts.slowestTakeover / 1000).toFixed(1)} s`,
    '',
    ...renderFindings(findings),
    '',
    areKept(findings) ? 'nothing lost, nothing doubled' : 'WRONG: promises were broken',
    `the same again: ${replay}`,
  ].join('\n');
}

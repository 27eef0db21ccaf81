import type { RemovalEffect, RemovalReport } from '../../runtime/library/library-administration.ts';
import { PAGE_WIDTH } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { count } from './documents-report.ts';
import { foldHanging } from './exchange.ts';

/** What a removal did, would do, or was refused for. */
export function renderRemoval(report: RemovalReport, dryRun: boolean): string[] {
  return [
    ...report.removed.map(({ kind, name }) => `- ${kind} ${name}`),
    ...renderConsequences(report),
    ...renderOutcome(report, dryRun),
  ];
}

/** What is affected besides what is removed. */
function renderConsequences({ broken, doubtful, schedules, unfinished }: RemovalReport): string[] {
  return [
    ...broken.flatMap((effect) => renderEffect('cannot be without it', effect)),
    ...doubtful.flatMap((effect) => renderEffect('would miss it', effect)),
    ...schedules.map((name) => `  schedule ${name} fires no more`),
    ...unfinished.map(
      ({ workflow, runs }) =>
        `  ${count(runs, 'run')} of ${workflow} not ended: they keep to the documents they began with`,
    ),
  ];
}

function renderEffect(what: string, { kind, name, message }: RemovalEffect): string[] {
  return foldHanging(`  ${kind} ${name} ${what}: ${oneLine(message)}`, PAGE_WIDTH);
}

function renderOutcome({ before, revision, stored, needsForce }: RemovalReport, dryRun: boolean): string[] {
  if (stored) return [`revision ${revision} is in force; to undo it:`, `  mapwright document undelete ${revision}`];
  if (dryRun) return [`nothing removed yet: revision ${before} stays in force`];
  if (!needsForce) return [`nothing removed: revision ${before} stays in force`];
  return [
    `nothing removed: revision ${before} stays in force`,
    'hint: change what needs it first, or add --force: what cannot be without it goes as well',
  ];
}

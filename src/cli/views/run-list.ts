import type { Run } from '../../core/run.ts';
import { renderAge } from '../duration.ts';
import { type Column, renderTable } from '../table.ts';
import { cut } from '../text-layout.ts';
import { renderKeys } from './run-keys.ts';
import { renderRunStatus } from './run-status.ts';

/** A run and how many steps it has taken so far. */
export interface ListedRun {
  readonly run: Run;
  readonly steps: number;
}

/** What the list of runs shows. */
export interface RunListPage {
  readonly runs: readonly ListedRun[];
  /** Milliseconds since the epoch: what ages count from. */
  readonly now: number;
  /** True when older runs may follow. */
  readonly more: boolean;
}

const KEYS_WIDTH = 30;

/** One line per run, newest first, and how to see the next page. */
export function renderRunList(page: RunListPage): string[] {
  if (page.runs.length === 0) return ['no runs'];
  const columns: readonly Column[] = [
    { title: 'run', align: 'right' },
    { title: 'workflow' },
    { title: 'record' },
    ...(page.runs.some(hasKeys) ? [{ title: 'keys' }] : []),
    { title: 'status', gives: true },
    { title: 'age', align: 'right' },
    { title: 'steps', align: 'right' },
  ];
  const rows = page.runs.map(({ run, steps }) => [
    String(run.id),
    run.workflow,
    run.recordId ?? '',
    ...(page.runs.some(hasKeys) ? [cut(renderKeys(run), KEYS_WIDTH)] : []),
    renderRunStatus(run, page.now),
    renderAge(page.now - run.acceptedAt),
    String(steps),
  ]);
  const oldest = page.runs.at(-1)?.run.id;
  const next = page.more && oldest !== undefined ? ['', `older ones: --before ${oldest}`] : [];
  return [...renderTable(columns, rows), ...next];
}

function hasKeys({ run }: ListedRun): boolean {
  return Object.keys(run.keys).length > 0;
}

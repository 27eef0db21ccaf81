import type { Run } from '../../core/run.ts';
import { renderAge } from '../duration.ts';
import { type PageBounds, renderPageLinks } from '../page-options.ts';
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
  /** Which page it is. */
  readonly page: PageBounds;
}

const KEYS_WIDTH = 30;

/** One line per run, newest first, and how to see the pages beside this one. */
export function renderRunList({ runs, now, page }: RunListPage): string[] {
  if (runs.length === 0) return ['no runs'];
  const columns: readonly Column[] = [
    { title: 'run', align: 'right' },
    { title: 'workflow' },
    { title: 'record' },
    ...(runs.some(hasKeys) ? [{ title: 'keys' }] : []),
    { title: 'status', gives: true },
    { title: 'age', align: 'right' },
    { title: 'steps', align: 'right' },
  ];
  const rows = runs.map(({ run, steps }) => [
    String(run.id),
    run.workflow,
    run.recordId ?? '',
    ...(runs.some(hasKeys) ? [cut(renderKeys(run), KEYS_WIDTH)] : []),
    renderRunStatus(run, now),
    renderAge(now - run.acceptedAt),
    String(steps),
  ]);
  const ids = runs.map(({ run }) => run.id);
  return [...renderTable(columns, rows), ...renderPageLinks(ids, page)];
}

function hasKeys({ run }: ListedRun): boolean {
  return Object.keys(run.keys).length > 0;
}

import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { AuditEntry } from '../../core/audit.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderMoment } from '../duration.ts';
import { addPageOptions, pageBounds, type PageOptions, renderPageLinks } from '../page-options.ts';
import { renderTable } from '../table.ts';

interface AuditOptions extends GlobalOptions, PageOptions {
  readonly by?: string;
  readonly action?: string;
  readonly target?: string;
  readonly since?: number;
  readonly until?: number;
}

/** `mapwright audit`: who changed what. */
export function registerAudit(program: Command, runner: CommandRunner): void {
  const command = program
    .command('audit')
    .description('who changed what: the newest first')
    .option('--by <name>', 'only what this user, or token:NAME, did')
    .option('--action <name>', 'only this: apply, setSetting, retry, ...')
    .option('--target <name>', 'only what was done to this setting, user, run, ...')
    .option('--since <date>', 'from this moment on: 2026-01-31, 2026-01-31T09:05Z', moment)
    .option('--until <date>', 'before this moment', moment)
    .action((_options: unknown, self: Command) => showAudit(self.optsWithGlobals(), runner));
  addPageOptions(command, 'entries');
  addExamples(command, [
    'mapwright audit --action apply',
    'mapwright audit --by token:deploy --since 2026-01-31',
    'mapwright audit --target egress.allow --json      with what was there before',
  ]);
}

/** A date, or a moment, in UTC unless it says otherwise. */
function moment(written: string): number {
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}T[\d:.]+$/u.test(written) ? `${written}Z` : written);
  if (/^\d{4}-\d{2}-\d{2}/u.test(written) && !Number.isNaN(at)) return at;
  throw new InvalidArgumentError('It must be a date such as 2026-01-31, or a moment such as 2026-01-31T09:05Z.');
}

async function showAudit(options: AuditOptions, runner: CommandRunner): Promise<void> {
  const { by, action, target, since, until } = options;
  const page = pageBounds(options);
  const entries = await runner.withInstall(options, { create: false }, (administration) =>
    administration.audit({ by, action, target, since, until, ...page }),
  );
  runner.show(options, { entries }, () => {
    if (entries.length === 0) return ['nothing was changed'];
    const columns = [
      { title: '#' },
      { title: 'when' },
      { title: 'who' },
      { title: 'from' },
      { title: 'did' },
      { title: 'to', gives: true },
      { title: '' },
    ];
    const ids = entries.map(({ id }) => id);
    return [...renderTable(columns, entries.map(rowOf)), ...renderPageLinks(ids, page)];
  });
}

function rowOf({ id, at, by, from, action, target, outcome, code }: AuditEntry): string[] {
  const told = outcome === 'done' ? '' : outcome === 'refused' ? `refused ${code ?? ''}` : 'not known whether done';
  return [String(id), renderMoment(at), by, from, action, target, told.trim()];
}

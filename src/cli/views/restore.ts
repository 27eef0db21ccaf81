import type { HeldWork } from '../../core/recovery.ts';
import type { RestorePreview } from '../../runtime/restore/restore-install.ts';
import { renderMoment } from '../duration.ts';
import { renderBytes, renderContent } from './backup.ts';

/** What a backup holds and what it would be put in the place of. */
export function renderRestorePreview({ backup, replaced }: RestorePreview, folder: string): string[] {
  const made = backup.madeAt === undefined ? 'a copy of unknown time' : `made ${renderMoment(backup.madeAt)}`;
  return [
    `the backup, ${made}, ${renderBytes(backup.bytes)}: ${renderContent(backup)}`,
    `would replace ${renderReplaced(replaced, folder)}`,
  ];
}

function renderReplaced(replaced: RestorePreview['replaced'], folder: string): string {
  if (replaced === undefined) return `nothing: there is no install in ${folder}`;
  if (replaced === 'unreadable') return `the database in ${folder}, which cannot be read`;
  const { records, runs, unfinished, latestAt } = replaced;
  const latest = latestAt === undefined ? '' : `, last worked on ${renderMoment(latestAt)}`;
  return `the install in ${folder}: ${records} records, ${runs} runs (${unfinished} not ended)${latest}`;
}

/** What was restored, and how to go on. */
export function renderRestored(
  { backup, held, aside }: RestorePreview & { readonly held: HeldWork; readonly aside: string | undefined },
  hold: boolean,
): string[] {
  const made = backup.madeAt === undefined ? '' : ` of ${renderMoment(backup.madeAt)}`;
  return [
    `restored the backup${made}: ${renderContent(backup)}`,
    ...(aside === undefined
      ? []
      : [`what was there is in ${aside}`, `  mapwright restore ${aside}/mapwright.db --run-on --yes     puts it back`]),
    ...renderHeld(held, hold),
  ];
}

/** What happens to what had not ended, and what to do about it. */
export function renderHeld({ runs, jobs }: HeldWork, hold: boolean): string[] {
  if (!hold) {
    return ['unfinished runs go on as soon as a server runs: what they did after the backup is done again'];
  }
  return [
    `${runs} runs that had not ended wait for a person: what they did after the backup is not known`,
    ...(jobs === 0 ? [] : [`${jobs} commands on many runs were stopped`]),
    ...(runs === 0
      ? []
      : [
          '  mapwright inbox list --cause RUN_RESTORED            which they are',
          '  mapwright inbox retry --cause RUN_RESTORED --yes     lets them all go on',
        ]),
    'what was saved after the backup is lost here, though callers were told that it was saved',
  ];
}

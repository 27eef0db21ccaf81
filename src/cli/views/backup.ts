import type { BackupFacts } from '../../core/backup.ts';
import type { BackupState } from '../../runtime/administration.ts';
import { renderMoment } from '../duration.ts';

/** `1.2 GB`, in powers of 1000 as disks are sold. */
export function renderBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power] ?? ''}`;
}

/** How far a backup is, in one line. */
export function renderProgress({ stage, doneBytes, bytes }: BackupState): string {
  if (stage !== 'copying') return 'reading it back';
  const percent = bytes === 0 ? 0 : Math.floor((doneBytes * 100) / bytes);
  return `${percent} % of ${renderBytes(bytes)}`;
}

/** What a backup holds: `12 records, 30 runs (2 not ended), revision 4`. */
export function renderContent({ records, runs, unfinished, revision }: BackupFacts): string {
  return `${records} records, ${runs} runs (${unfinished} not ended), revision ${revision}`;
}

/** What was made, and what has to be kept besides. */
export function renderBackup(state: BackupState, facts: BackupFacts): string[] {
  return [
    `backup of ${renderMoment(facts.madeAt ?? state.startedAt)}   ${state.file}`,
    `  ${renderBytes(facts.bytes)}, read back whole: ${renderContent(facts)}`,
    ...(state.removed ?? []).map((file) => `  removed, older than those to keep: ${file}`),
    '  records, requests and answers are in it as they are; secrets, access keys and sensitive values',
    '  are encrypted, and the key is not in it: keep mapwright.key (or MAPWRIGHT_KEY) too, elsewhere',
  ];
}

import type { Clock } from '../../core/clock.ts';
import type { TransferProgress } from '../../core/import-store.ts';
import type { RecordFailure } from '../../runtime/import/import-administration.ts';
import type { TransferReport } from '../../runtime/import/transfer-in.ts';
import { PAGE_WIDTH } from '../table.ts';
import { printable } from '../text-layout.ts';
import { count } from './documents-report.ts';
import { foldHanging } from './exchange.ts';

const EVERY_MS = 2_000;

/** Tells how far a transfer is, how fast it goes and how long it still takes; every two seconds at most. */
export class TransferMeter {
  readonly #clock: Clock;
  readonly #print: (line: string) => void;
  #start: { readonly at: number; readonly done: number } | undefined;
  #toldAt = 0;

  constructor(clock: Clock, print: (line: string) => void) {
    this.#clock = clock;
    this.#print = print;
  }

  tell({ progress, total }: { readonly progress: TransferProgress; readonly total: number }): void {
    const at = this.#clock.now();
    const done = doneOf(progress);
    this.#start ??= { at, done };
    if (at - this.#toldAt < EVERY_MS) return;
    this.#toldAt = at;
    const seconds = (at - this.#start.at) / 1000;
    const rate = seconds > 0 ? (done - this.#start.done) / seconds : 0;
    const left = rate > 0 && total > done ? `   about ${lasting((total - done) / rate)} left` : '';
    const speed = rate > 0 ? `   ${numbers(Math.round(rate))}/s` : '';
    this.#print(`${numbers(done)} of ${numbers(Math.max(total, done))}${speed}${left}   ${countsOf(progress)}`);
  }
}

const MOST_SHOWN = 5;

/** What came of a transfer, the refused records among it. */
export function renderTransfer(
  report: TransferReport,
  { refused, file }: { readonly refused: readonly RecordFailure[]; readonly file: string | undefined },
): string[] {
  const { progress, resumedAfter, leftOut, settled, waiting, waitingFor } = report;
  const went = resumedAfter === undefined ? [] : [`went on after ${resumedAfter}, where it was left`];
  const without =
    leftOut.length === 0 ? [] : [`fields not taken, for the module has none so called: ${leftOut.join(', ')}`];
  const later = settled === 0 ? [] : [`${count(settled, 'reference')} set after what they refer to had come`];
  const missing =
    waiting === 0
      ? []
      : [
          `${count(waiting, 'reference')} still wait for what they refer to: ${waitingFor.join(', ')}`,
          '  import-users and import-records of those modules set them',
        ];
  const shown = refused.slice(0, MOST_SHOWN).map(({ id, code, message }) => `  ${id}  ${code}  ${message}`);
  const list = file === undefined ? [] : [`${count(refused.length, 'record')} refused, all in ${file}:`, ...shown];
  const lines = [
    ...went,
    `${count(doneOf(progress), 'record')}: ${countsOf(progress)}`,
    ...later,
    ...without,
    ...missing,
    ...list,
  ];
  return lines.flatMap((line) => foldHanging(printable(line), PAGE_WIDTH));
}

function doneOf({ created, changed, unchanged, failed }: TransferProgress): number {
  return created + changed + unchanged + failed;
}

function countsOf({ created, changed, unchanged, failed }: TransferProgress): string {
  return `${numbers(created)} created, ${numbers(changed)} changed, ${numbers(unchanged)} unchanged, ${numbers(failed)} refused`;
}

function numbers(value: number): string {
  return value.toLocaleString('en-US');
}

function lasting(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

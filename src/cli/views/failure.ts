import type { Failure } from '../../core/run.ts';
import { oneLine } from '../text-layout.ts';
import { foldHanging } from './exchange.ts';

/** A failure: `CODE message`, folded, and the hint below. */
export function renderFailure(failure: Failure, width: number): string[] {
  const where = failure.task === undefined ? '' : ` (in ${failure.task})`;
  return [
    ...foldHanging(oneLine(`${failure.code} ${failure.message}${where}`), width),
    ...(failure.hint === undefined ? [] : foldHanging(`  hint: ${oneLine(failure.hint)}`, width)),
  ];
}

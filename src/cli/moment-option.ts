import { InvalidArgumentError } from 'commander';
import { durationMs } from './argument-value.ts';

/** A moment, or how long ago. */
export type MomentOption = { readonly at: number } | { readonly agoMs: number };

/** Reads `2h`, `3d` (so long ago) or `2026-01-31T09:00Z`. */
export function momentOption(written: string): MomentOption {
  const days = /^([1-9][0-9]{0,3})d$/u.exec(written)?.[1];
  if (days !== undefined) return { agoMs: Number(days) * 86_400_000 };
  if (/^[0-9]{4}-/u.test(written)) {
    const at = Date.parse(written);
    if (!Number.isNaN(at)) return { at };
    throw new InvalidArgumentError('It must be a moment such as 2026-01-31T09:00Z.');
  }
  return { agoMs: durationMs(written) };
}

/** The moment, in milliseconds since the epoch. */
export function momentAt(moment: MomentOption, now: number): number {
  return 'at' in moment ? moment.at : now - moment.agoMs;
}

import type { Json } from '../../src/core/json.ts';
import type { Verdict } from './trial.ts';
import { AREAS } from './vector.ts';

const WIDTH = 2000;

/** What a person reads: failures with what was given, wanted and got, reasons of skips, a line per area. */
export function renderVerdicts(verdicts: readonly Verdict[]): string {
  const failed = verdicts.filter(({ result }) => result === 'failed').map(renderFailure);
  const skipped = verdicts
    .filter(({ result }) => result === 'skipped')
    .map(({ vector, reason }) => `SKIPPED ${vector.area} ${vector.id}: ${reason}`);
  const lines = AREAS.flatMap((area) =>
    renderCounts(
      area,
      verdicts.filter(({ vector }) => vector.area === area),
    ),
  );
  return [...failed, ...skipped, ...lines, ...renderCounts('all', verdicts)].join('\n');
}

/** The same for machines. */
export function describeVerdicts(verdicts: readonly Verdict[]): Json {
  return verdicts.map(({ vector, result, got, reason, told }) => ({
    area: vector.area,
    id: vector.id,
    result,
    ...(result === 'passed' ? {} : { expected: wantedOf(vector), got }),
    ...(reason === undefined ? {} : { reason }),
    ...(told.length === 0 ? {} : { told }),
  }));
}

function renderFailure({ vector, got, reason, told }: Verdict): string {
  return [
    `FAILED ${vector.area} ${vector.id}: ${reason}`,
    `  input    ${shorten(vector.input)}`,
    `  expected ${shorten(wantedOf(vector))}`,
    `  got      ${shorten(got)}`,
    ...told.map((line) => `  told     ${line}`),
  ].join('\n');
}

function wantedOf({ expected, quirk, recommended }: Verdict['vector']): Json {
  if (quirk !== 'fix') return expected;
  return recommended === undefined ? { anythingBut: expected } : recommended;
}

function renderCounts(area: string, verdicts: readonly Verdict[]): string[] {
  if (verdicts.length === 0) return [];
  const count = (result: Verdict['result']): number => verdicts.filter((verdict) => verdict.result === result).length;
  const cells = [count('passed'), count('failed'), count('skipped')].map((number) => String(number).padStart(5));
  return [`${area.padEnd(12)}${cells[0]} passed${cells[1]} failed${cells[2]} skipped`];
}

function shorten(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > WIDTH ? `${text.slice(0, WIDTH)}...` : text;
}

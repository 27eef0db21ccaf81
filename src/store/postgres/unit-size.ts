import type { UnitOfWork } from '../../core/unit-of-work.ts';
import type { EncodedContext } from '../context-encoding.ts';
import type { EncodedSettlement } from '../settlement-encoding.ts';
import type { OfferedRun } from './queued-unit.ts';

/** About how many characters a unit sends to the server: what can be long is counted. */
export function sizeOfUnit(
  { records }: UnitOfWork,
  offered: readonly OfferedRun[],
  settlement: EncodedSettlement | undefined,
): number {
  const values = records.flatMap((write) => Object.values(write.values));
  const runs = offered.map(({ trigger, context }) => trigger.length + sizeOfContext(context));
  return sum(values.map(lengthOf)) + sum(runs) + (settlement === undefined ? 0 : sizeOfSettlement(settlement));
}

function sizeOfSettlement({ progress, context, outcomes, begin }: EncodedSettlement): number {
  const steps = [
    ...outcomes,
    ...outcomes.flatMap(({ intent = [] }) => intent),
    ...(begin === undefined ? [] : [begin]),
  ];
  return progress.length + sizeOfContext(context) + sum(steps.flatMap((step) => Object.values(step).map(lengthOf)));
}

function sizeOfContext(context: EncodedContext | undefined): number {
  return context === undefined ? 0 : context.json.length + sum([...context.texts.values()].map(lengthOf));
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import { MapwrightError } from '../core/error.ts';
import type { RetryPlan } from '../core/retry.ts';
import { COUNT_OR_NONE, DURATION, FACTOR, type NumberKind } from '../document/attribute-kind.ts';
import { LONGEST_RETRY_MS, type PlanValue, type RetryDefinition } from '../document/error-plan.ts';
import { type CompileContext, report } from './compile-context.ts';
import { compileSource, type SourcePlace } from './compile-source.ts';
import type { CompiledRetry } from './compiled-plan.ts';
import type { CompiledSource, Scope } from './compiled-source.ts';

/** One value of a retry: what it is called, how it is written, and the template that gives it. */
interface RetryValue {
  readonly name: string;
  readonly kind: NumberKind;
  readonly written: PlanValue;
  readonly source: CompiledSource | undefined;
}

/** The retry with its templates compiled; problems are reported. */
export function compileRetry(context: CompileContext, place: SourcePlace, definition: RetryDefinition): CompiledRetry {
  if (definition.kind === 'none') return { definition, on: [], sources: [], resolve: async () => undefined };
  const value = (name: string, kind: NumberKind, written: PlanValue): RetryValue => ({
    name,
    kind,
    written,
    source: typeof written === 'number' ? undefined : compileValue(context, place, written),
  });
  const values = valuesOf(definition, value);
  return {
    definition,
    on: definition.on,
    sources: Object.values(values).flatMap((one) => one?.source ?? []),
    resolve: (scope) => resolvePlan(values, scope),
  };
}

interface RetryValues {
  readonly times: RetryValue | undefined;
  readonly every?: RetryValue;
  readonly from?: RetryValue;
  readonly growth?: RetryValue;
  readonly to?: RetryValue;
  readonly within?: RetryValue;
}

function valuesOf(
  definition: Exclude<RetryDefinition, { kind: 'none' }>,
  value: (name: string, kind: NumberKind, written: PlanValue) => RetryValue,
): RetryValues {
  const times = definition.times === undefined ? undefined : value('times', COUNT_OR_NONE, definition.times);
  if (definition.kind === 'fixed') return { times, every: value('every', DURATION, definition.everyMs) };
  return {
    times,
    from: value('from', DURATION, definition.fromMs),
    growth: value('growth', FACTOR, definition.growth),
    to: value('to', DURATION, definition.toMs),
    within: value('within', DURATION, definition.withinMs),
  };
}

function compileValue(
  context: CompileContext,
  place: SourcePlace,
  written: Exclude<PlanValue, number>,
): CompiledSource | undefined {
  const source = compileSource(context, place, { kind: 'template', text: written });
  if (source === undefined || source.references.length > 0 || written.value.includes('{=')) return source;
  report(context, {
    code: 'RETRY_VALUE_INVALID',
    message: `"${written.value.slice(0, 60)}" puts nothing in`,
    hint: 'write the value itself, or a placeholder such as {setting.tries} or {= 2 + 1 }',
    file: place.file,
    range: written.range,
  });
  return undefined;
}

async function resolvePlan(values: RetryValues, scope: Scope | undefined): Promise<RetryPlan | undefined> {
  const { every, from, growth, to, within } = values;
  const times = values.times && (await resolveValue(values.times, scope));
  if (times === 0) return undefined;
  if (every !== undefined) return { kind: 'fixed', times: times ?? 0, everyMs: await resolveValue(every, scope) };
  if (from === undefined || growth === undefined || to === undefined || within === undefined) return undefined;
  return {
    kind: 'growing',
    times,
    fromMs: await resolveValue(from, scope),
    growth: await resolveValue(growth, scope),
    toMs: await resolveValue(to, scope),
    withinMs: Math.min(LONGEST_RETRY_MS, await resolveValue(within, scope)),
  };
}

async function resolveValue({ name, kind, written, source }: RetryValue, scope: Scope | undefined): Promise<number> {
  if (typeof written === 'number') return written;
  const text = scope === undefined ? '' : String((await source?.evaluate(scope)) ?? '').trim();
  const value = kind.parse(text);
  if (value !== undefined) return value;
  throw new MapwrightError('RETRY_VALUE_INVALID', `${name}="${written.value}" gave "${text.slice(0, 60)}"`, {
    hint: `it must give ${kind.expected}`,
  });
}

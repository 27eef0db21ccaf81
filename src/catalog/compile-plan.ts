import type { Located } from '../core/diagnostic.ts';
import { nearest } from '../core/suggestion.ts';
import type { ErrorPlan, NotifyStep } from '../document/error-plan.ts';
import { type CompileContext, report, resolve } from './compile-context.ts';
import { compileRetry } from './compile-retry.ts';
import { compileSource, type SourcePlace } from './compile-source.ts';
import type { CompiledNotice, CompiledPlan } from './compiled-plan.ts';

/** The plan with its messages compiled; undefined when there is none. */
export function compilePlan(
  context: CompileContext,
  place: SourcePlace,
  plan: ErrorPlan | undefined,
): CompiledPlan | undefined {
  if (plan === undefined) return undefined;
  return {
    retry: plan.retry && compileRetry(context, place, plan.retry),
    notices: plan.notify?.map((step) => {
      const { template } = step;
      const text = template && compileSource(context, place, { kind: 'template', text: template });
      return { ...compileNotice(context, place, step), text };
    }),
    abortTo: plan.abortTo?.value,
  };
}

/** Whom a notice goes to, and how. Reports maps that are not there, and recipients that nobody can be found for. */
export function compileNotice(
  context: CompileContext,
  place: SourcePlace,
  { to, by, map }: Pick<NotifyStep, 'to' | 'by' | 'map'>,
): Omit<CompiledNotice, 'text'> {
  checkRecipients(context, place, to);
  if (map !== undefined) {
    resolve(context, { file: place.file, name: map, among: context.knownMaps, code: 'MAP_UNKNOWN', what: 'map' });
  }
  return { to: to.map((name) => name.value), by, map: map?.value };
}

/** Warns of recipients that nobody can be found for: an owner where there is none, a context key that nothing writes. */
function checkRecipients(context: CompileContext, { file, module }: SourcePlace, to: readonly Located<string>[]): void {
  for (const { value, range } of to) {
    if (value === 'owner' && module !== undefined && !module.fields.some((field) => field.type === 'owner')) {
      report(context, {
        code: 'NOTIFY_OWNER_NONE',
        message: `records of ${module.name} have no owner: the administrators would be told`,
        hint: 'add a field of type "owner" to the module, or name user:NAME or group:NAME',
        severity: 'warning',
        file,
        range,
      });
    }
    const key = value.startsWith('context:') ? value.slice('context:'.length) : undefined;
    const keys = context.writtenContextKeys;
    if (key === undefined || keys.has(key.split('.')[0] ?? '')) continue;
    const near = nearest(key, keys);
    report(context, {
      code: 'CONTEXT_NEVER_WRITTEN',
      message: `nothing writes the context key "${key}"`,
      ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
      severity: 'warning',
      file,
      range,
    });
  }
}

import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Run } from '../../core/run.ts';
import type { Step } from '../../core/step.ts';

const DOTS = '••••';

/** A run as the API tells it: what is sealed is dots, and the interpreter's own notes are left out. */
export function runView(run: Run): Omit<Run, 'progress'> & { readonly progress: undefined } {
  return { ...run, progress: undefined, context: masked(run.context) as Run['context'] };
}

/** A step as the API tells it: without what only a retry needs. */
export function stepView(step: Step): Step {
  return { ...step, frozen: undefined };
}

function masked(value: Json): Json {
  if (Array.isArray(value)) return value.map(masked);
  if (!isJsonObject(value)) return value;
  if ('$sealed' in value) return DOTS;
  if ('$plain' in value) return value['$plain'] ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, masked(one ?? null)]));
}

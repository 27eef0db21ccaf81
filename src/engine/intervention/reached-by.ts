import type { CompiledTask } from '../../catalog/compiled-workflow.ts';
import { destinationOf } from '../destination.ts';

/** Whom a task reaches outside, for people: a service or an origin; empty when nobody. */
export function reachedBy(task: CompiledTask | undefined): string {
  if (task?.kind === 'webservice') return destinationOf(task);
  return task?.kind === 'email' ? 'mail' : '';
}

import type { CompiledTask } from '../catalog/compiled-workflow.ts';

/** Methods that may be repeated without harm (RFC 9110 section 9.2.2). */
const IDEMPOTENT_METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];

/**
 * What to do when it is unknown whether the other side acted. A message does as its task says. Of a call, the map's own
 * choice counts first: a look with another map, or what it says. Session tasks, methods that may be repeated, requests that carry the step's key, and the coreBOS
 * dialect are sent again; else a person is asked. Tasks that reach nobody outside are never in doubt.
 */
export function inDoubtChoice(task: CompiledTask): 'resend' | 'ask' | 'look' {
  if (task.kind === 'email') return task.inDoubt;
  if (task.kind !== 'webservice') return 'resend';
  const { map, document } = task;
  if (task.look !== undefined) return 'look';
  const { call, dialect } = map.document;
  if (call.inDoubt !== undefined) return call.inDoubt;
  const isRepeatable =
    document.renew || document.always || call.isSafe === true || dialect === 'corebos' || map.carriesStepKey;
  return isRepeatable || IDEMPOTENT_METHODS.includes(call.method) ? 'resend' : 'ask';
}

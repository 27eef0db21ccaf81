import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';

/** Methods that may be repeated without harm (RFC 9110 section 9.2.2). */
const IDEMPOTENT_METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];

/**
 * What to do when it is unknown whether the other side acted. The map's own choice counts first. Session tasks, methods
 * that may be repeated, requests that carry the step's key, and the coreBOS dialect are sent again; else a person is asked.
 */
export function inDoubtChoice({ map, document }: CompiledCallTask): 'resend' | 'ask' {
  const { call, dialect } = map.document;
  if (call.inDoubt !== undefined) return call.inDoubt;
  const isRepeatable = document.renew || document.always || dialect === 'corebos' || map.carriesStepKey;
  return isRepeatable || IDEMPOTENT_METHODS.includes(call.method) ? 'resend' : 'ask';
}

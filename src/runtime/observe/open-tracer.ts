import type { Tracer } from '../../core/trace.ts';
import { createOtelTracer } from './otel-tracer.ts';
import { createOwnTracer } from './own-tracer.ts';

/** Where the API of OpenTelemetry keeps what was registered with it, in every version that is compatible with 1.0. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/**
 * The tracer of this process. Spans are kept when an SDK of OpenTelemetry was registered before the install is opened;
 * otherwise its API is not even loaded.
 */
export async function openTracer(): Promise<Tracer> {
  if (!isRegistered()) return createOwnTracer();
  try {
    return createOtelTracer(await import('@opentelemetry/api'));
  } catch (thrown) {
    // Whoever registered an SDK may have its API where this package cannot find it.
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND') return createOwnTracer();
    throw thrown;
  }
}

function isRegistered(): boolean {
  const registered: unknown = Reflect.get(globalThis, REGISTERED);
  return typeof registered === 'object' && registered !== null && 'trace' in registered;
}

import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import { isProtocolCode } from './failure-response.ts';

/** What became of one element of a request that has many. */
export type Attempt =
  | { readonly ok: true; readonly result: Json }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Does the work; a failure that clients are told becomes part of the answer, any other one is the whole request's. */
export async function attempt(work: () => Promise<Json>): Promise<Attempt> {
  try {
    return { ok: true, result: await work() };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || !isProtocolCode(thrown.code)) throw thrown;
    return { ok: false, code: thrown.code, message: thrown.message };
  }
}

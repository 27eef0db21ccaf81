import type { InboxCause } from '../core/inbox.ts';
import type { Continuation } from '../core/journal.ts';

/** What comes into the inbox with a commit of a run. */
export interface InboxEntry extends InboxCause {
  readonly kind: 'waiting' | 'failed';
}

const NO_CODE = 'RUN_NEEDS_PERSON';

/** What the inbox says of a run that goes on so; undefined when no person is needed. */
export function inboxEntryOf(then: Continuation): InboxEntry | undefined {
  if (then.kind === 'wait' && then.wait.for === 'person') {
    const told = { code: NO_CODE, destination: '', task: undefined, message: then.wait.reason, inDoubt: false };
    return { kind: 'waiting', ...(then.cause ?? told) };
  }
  if (then.kind !== 'end' || then.status !== 'failed' || then.handled) return undefined;
  const { code = NO_CODE, message = '', task } = then.failure ?? {};
  return { kind: 'failed', ...(then.cause ?? { code, destination: '', task, message, inDoubt: false }) };
}

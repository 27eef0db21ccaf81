import { LONGEST_NOTICE, type Notice } from '../../core/notification.ts';
import type { StepEffect } from '../../core/step.ts';
import type { RunState } from '../run-state.ts';
import { findRecipients, type Recipient } from './recipients.ts';

/** One notice for each of the people that `to` means, and what is told of it in the run's history. */
export async function addressNotice(
  state: RunState,
  params: { readonly task: string; readonly to: readonly string[]; readonly text: string },
): Promise<{ readonly notices: Notice[]; readonly effects: StepEffect[] }> {
  const { task, to } = params;
  const { id: run, recordId } = state.lease.run;
  const text = state.redactor.redact(params.text);
  const recipients = await findRecipients(state, to);
  return {
    notices: recipients.map((recipient) => ({
      user: recipient.user.id,
      text: cut(text, markOf(recipient)),
      run,
      task,
      recordId,
    })),
    effects: recipients.map(({ user, by, isSubstitute }) => ({
      kind: 'notice',
      name: user.name,
      from: isSubstitute ? `${by}: nobody was found` : by,
      value: cut(text, ''),
    })),
  };
}

function markOf({ by, isSubstitute }: Recipient): string {
  return isSubstitute ? `\n(Meant for ${by.slice(0, 200)}: nobody was found there.)` : '';
}

function cut(text: string, mark: string): string {
  const room = LONGEST_NOTICE - mark.length;
  return (text.length > room ? `${text.slice(0, room - 1).toWellFormed()}…` : text) + mark;
}

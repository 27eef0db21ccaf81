import type { NewDelivery } from '../../core/delivery.ts';
import { type User, personName } from '../../core/identity-store.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RunState } from '../run-state.ts';
import type { Recipient } from './recipients.ts';

/** What is said by a notice: its text is redacted. */
export interface SaidNotice {
  readonly task: string;
  readonly text: string;
  readonly answer?: JsonObject | undefined;
}

const LONGEST_SUBJECT = 150;

/** The notice as a mail to one user. */
export function mailDelivery(state: RunState, said: SaidNotice, user: User, mark: string): NewDelivery {
  const { id, workflow } = state.lease.run;
  const { task, text } = said;
  const [first = ''] = text.split('\n');
  const subject = said.answer === undefined ? first : `run ${id} of ${workflow} failed at ${task}`;
  return {
    way: 'mail',
    to: user.id,
    ...causeOf(state, said),
    content: { subject: subject.slice(0, LONGEST_SUBJECT).toWellFormed(), text: text + mark },
  };
}

/** The notice as what the map that carries it sees as `input`, and the data it is evaluated on. */
export function mapDelivery(
  state: RunState,
  said: SaidNotice,
  { map, recipients }: { readonly map: string; readonly recipients: readonly Recipient[] },
): NewDelivery {
  const { id, workflow, recordId, revision } = state.lease.run;
  const { task, text, answer } = said;
  const to = recipients.map(({ user, by }) => ({ user: user.name, name: personName(user), email: user.email, by }));
  return {
    way: 'map',
    to: map,
    ...causeOf(state, said),
    content: {
      revision,
      record: recordId ?? null,
      input: { text, to, run: id, workflow, task, record: recordId ?? '', answer: answer ?? null },
    },
  };
}

/** Notices are the same when they tell the same of the same task: whose record it is about makes no difference. */
function causeOf({ lease }: RunState, { task, answer }: SaidNotice): Pick<NewDelivery, 'cause' | 'run' | 'task'> {
  const { id, workflow } = lease.run;
  const code = answer?.['code'];
  return { cause: `${workflow}/${task}/${typeof code === 'string' ? code : ''}`, run: id, task };
}

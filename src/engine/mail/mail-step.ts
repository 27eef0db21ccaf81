import { DEFAULT_BREAKER } from '../../core/breaker.ts';
import type { DestinationRules } from '../../core/destination.ts';
import type { JsonObject } from '../../core/json.ts';
import type { MailOutcome, OutgoingMail } from '../../core/mail.ts';
import type { RecordedAnswer, RecordedRequest, StepEffect, StepIntent } from '../../core/step.ts';
import type { CompiledEmailTask } from '../../catalog/task/email-task.ts';
import { beginStep, type StepIdentity } from '../begin-step.ts';
import { outcomeAt } from '../destination.ts';
import { handleFailure } from '../failed-step.ts';
import { advance } from '../flow.ts';
import { requestToKeep } from '../kept-calls.ts';
import type { PendingRetry } from '../progress.ts';
import type { RunState } from '../run-state.ts';
import { recordValuesOf, scopeOf } from '../scope.ts';
import { failureOfCall } from '../step-failure.ts';
import { acquirePlace } from '../step-place.ts';
import { describeAttachment } from './mail-attachment.ts';
import { addressesOfPeople } from './mail-people.ts';
import { mailSources, type PreparedMail, prepareMail } from './prepared-mail.ts';

/** The mail server: what its breaker and its places are counted by. */
const RULES: DestinationRules = { key: 'e-mail', concurrent: 4, rate: undefined, breaker: DEFAULT_BREAKER };

/** A begun step: its intent is committed, so the message may be sent. */
interface BegunMail extends PreparedMail {
  readonly intent: StepIntent;
}

/** Performs one try of sending a message: the intent committed, the message sent, the server's answer stored. */
export async function sendMail(state: RunState, task: CompiledEmailTask): Promise<'go-on' | 'stop'> {
  const place = await acquirePlace(state, { task: task.id, rules: RULES, isCleanup: false });
  if (place === 'waits' || 'notCalled' in place) return 'stop';
  let came: ReturnType<typeof outcomeOfMail>;
  try {
    const begun = await beginStep(state, {
      task,
      purpose: 'main',
      prepare: (identity, again) => prepare(state, task, { identity, again }),
    });
    if (begun === 'stop' || begun === 'go-on') return begun;
    const outcome = await state.engine.mailer.send(begun.mail, { signal: state.signal });
    if (state.signal.aborted) return 'stop';
    came = outcomeOfMail(outcome);
    await settle(state, { task, begun, outcome, isProbe: place.isProbe });
    return 'go-on';
  } finally {
    place.leave(came);
  }
}

function outcomeOfMail(outcome: MailOutcome): ReturnType<typeof outcomeAt> {
  return outcome.kind === 'failed' ? outcomeAt(outcome) : { reached: 'answered', code: '' };
}

async function prepare(
  state: RunState,
  task: CompiledEmailTask,
  { identity, again }: { readonly identity: StepIdentity; readonly again: PendingRetry | undefined },
): Promise<BegunMail> {
  const frozen = again?.frozen ?? freeze(state);
  const scope = await scopeOf(state, { sources: mailSources(task), frozen, task: task.id });
  const prepared = await prepareMail(task, scope, (names) => addressesOfPeople(state, names));
  return {
    ...prepared,
    intent: { ...identity, frozen, request: requestToKeep(state, () => recordMail(state, prepared.mail)) },
  };
}

/** A second try says what the first said. */
function freeze(state: RunState): JsonObject {
  const { engine, lease, progress } = state;
  return { now: engine.clock.now(), seed: `${lease.run.id}/${progress.steps}`, record: recordValuesOf(state) };
}

/** The message as people see it. Who gets a blind copy is among it: it is their own install. */
function recordMail({ engine, redactor }: RunState, mail: OutgoingMail): RecordedRequest {
  const list = (addresses: OutgoingMail['to']): string =>
    addresses.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', ');
  const headers = [
    ['From', list([mail.from])],
    ['To', list(mail.to)],
    ['Cc', list(mail.cc)],
    ['Bcc', list(mail.bcc)],
    ['Reply-To', mail.replyTo === undefined ? '' : list([mail.replyTo])],
    ['Subject', mail.subject],
    ['Message-ID', mail.messageId],
    ...(mail.attachments ?? []).map((file) => ['Attachment', describeAttachment(file)] as const),
    ['Content-Type', mail.body.format === 'html' ? 'text/html' : 'text/plain'],
  ] as const;
  const request = {
    method: 'SMTP',
    url: mail.server,
    headers: headers.filter(([, value]) => value !== ''),
    body: mail.body.text,
    connectTimeoutMs: 0,
    totalTimeoutMs: mail.timeoutMs,
    maxAnswerBytes: 0,
  };
  return engine.recorder.recordRequest(request, redactor, []);
}

async function settle(
  state: RunState,
  params: {
    readonly task: CompiledEmailTask;
    readonly begun: BegunMail;
    readonly outcome: MailOutcome;
    readonly isProbe: boolean;
  },
): Promise<void> {
  const { task, begun, outcome, isProbe } = params;
  const { mail, intent } = begun;
  const told = begun.warnings.map((warning) => state.redactor.redact(warning));
  if (outcome.kind === 'failed') {
    const failure = failureOfCall(outcome.failure);
    const nothing = { answer: undefined, effects: [], warnings: told };
    await handleFailure(state, { task, purpose: 'main', failure, begun: intent, isProbe, ...nothing });
    return;
  }
  const { status, text, rejected, durationMs } = outcome.receipt;
  const answer: RecordedAnswer = state.engine.recorder.recordAnswer(
    { status, headers: [], body: Buffer.from(text), durationMs },
    state.redactor,
  );
  const sentTo = [...mail.to, ...mail.cc, ...mail.bcc].filter(({ address }) => !rejected.includes(address));
  const effects = sentTo.map(({ address }): StepEffect => ({
    kind: 'notice',
    name: state.redactor.redact(address),
    from: 'e-mail',
  }));
  const refused = rejected.map((one) => `the mail server does not take mail for ${state.redactor.redact(one)}`);
  const warnings = [...told, ...refused];
  state.pending.outcomes.push({ number: intent.number, status: 'done', answer, failure: undefined, effects, warnings });
  advance(state, task.id);
}

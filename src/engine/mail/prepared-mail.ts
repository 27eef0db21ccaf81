import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import { SMTP_SETTING } from '../../core/local-setting.ts';
import type { MailAddress, OutgoingMail } from '../../core/mail.ts';
import type { CompiledSource, Scope } from '../../catalog/compiled-source.ts';
import type { CompiledEmailTask } from '../../catalog/task/email-task.ts';
import { memberOf } from '../../expression/output-path.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import type { Sourced } from '../evaluation.ts';
import { readAddresses } from './mail-address.ts';

const TIMEOUT_MS = 60_000;
const MAX_RECIPIENTS = 100;
const PASSWORD = 'smtp_password';

/** All that a message is made of, the password among it. */
export function mailSources(task: CompiledEmailTask): Sourced[] {
  const { from, replyTo, to, cc, bcc, subject, body } = task;
  const optional = [from, replyTo].filter((source) => source !== undefined);
  const password: Sourced = { references: [{ root: 'secret', path: [PASSWORD], offset: 0, length: 0 }] };
  return [...optional, ...to, ...cc, ...bcc, subject, body, password];
}

/** The message. Rejects with MAIL_NOT_SET_UP, MAIL_NO_RECIPIENT, MAIL_ADDRESS_INVALID, MAIL_TOO_MANY, and what values reject with. */
export async function prepareMail(task: CompiledEmailTask, scope: Scope): Promise<OutgoingMail> {
  const server = setting(scope, SMTP_SETTING, 'smtp://user@mail.example.com:587');
  const [from] = await addressesOf(task.from === undefined ? [] : [task.from], scope);
  const [replyTo] = await addressesOf(task.replyTo === undefined ? [] : [task.replyTo], scope);
  const sender = from ?? readAddresses(setting(scope, 'smtp_from', '"Our company <crm@example.com>"'))[0];
  const to = await addressesOf(task.to, scope);
  const cc = await addressesOf(task.cc, scope);
  const bcc = await addressesOf(task.bcc, scope);
  checkRecipients(task, { to, all: [...to, ...cc, ...bcc] });
  if (sender === undefined) throw notSetUp('smtp_from', '"Our company <crm@example.com>"');
  return {
    server,
    password: scope.secret(PASSWORD),
    from: sender,
    replyTo,
    to,
    cc,
    bcc,
    subject: (await textOf(task.subject, scope)).replaceAll(/\s+/gu, ' ').trim(),
    body: { format: task.isHtml ? 'html' : 'text', text: await textOf(task.body, scope) },
    messageId: `<${scope.step.key}@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}>`,
    date: scope.ambience.now,
    timeoutMs: TIMEOUT_MS,
  };
}

async function addressesOf(sources: readonly CompiledSource[], scope: Scope): Promise<MailAddress[]> {
  const found: MailAddress[] = [];
  for (const source of sources) found.push(...readAddresses(await source.evaluate(scope)));
  return [...new Map(found.map((one) => [one.address.toLowerCase(), one])).values()];
}

function checkRecipients(
  task: CompiledEmailTask,
  { to, all }: { readonly to: readonly MailAddress[]; readonly all: readonly MailAddress[] },
): void {
  if (to.length === 0) {
    const empty = task.to.map(({ describe }) => describe).join(', ');
    throw new MapwrightError('MAIL_NO_RECIPIENT', `there is nobody to send to: ${empty} is empty`, {
      hint: 'fill it, or skip the task with a condition: <condition field="..." is="not-empty"/>',
    });
  }
  if (all.length <= MAX_RECIPIENTS) return;
  throw new MapwrightError('MAIL_TOO_MANY', `the message has ${all.length} recipients; ${MAX_RECIPIENTS} is the most`, {
    hint: 'launch a workflow for each of them',
  });
}

async function textOf(source: CompiledSource, scope: Scope): Promise<string> {
  const value: Json | undefined = await source.evaluate(scope);
  if (value !== undefined) return toPlainText(value);
  throw new MapwrightError('PARAMETER_SOURCE_MISSING', `the message has no text: there is no ${source.describe}`);
}

function setting(scope: Scope, name: string, example: string): string {
  const value = toPlainText(memberOf(scope.values.setting, name) ?? '').trim();
  if (value !== '') return value;
  throw notSetUp(name, example);
}

function notSetUp(name: string, example: string): MapwrightError {
  return new MapwrightError('MAIL_NOT_SET_UP', `no e-mail can be sent: the setting ${name} has no value`, {
    hint: `mapwright setting set ${name} ${example}`,
  });
}

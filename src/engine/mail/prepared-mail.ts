import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import { SENDER_SETTING, SMTP_SETTING } from '../../core/local-setting.ts';
import type { MailAddress, OutgoingMail } from '../../core/mail.ts';
import type { CompiledSource, Scope } from '../../catalog/compiled-source.ts';
import type { CompiledAddressee, CompiledEmailTask } from '../../catalog/task/email-task.ts';
import { memberOf } from '../../expression/output-path.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import type { Sourced } from '../evaluation.ts';
import { readAddresses } from './mail-address.ts';
import { readAttachments } from './mail-attachment.ts';
import type { PeopleAddresses } from './mail-people.ts';

const TIMEOUT_MS = 60_000;
const MAX_RECIPIENTS = 100;
const PASSWORD = 'smtp_password';

/** All that a message is made of, the password among it. */
export function mailSources(task: CompiledEmailTask): Sourced[] {
  const { subject, body, attachments } = task;
  const given = [task.from, task.replyTo, ...task.to, ...task.cc, ...task.bcc];
  const addresses = given.flatMap((one) => (one !== undefined && 'source' in one ? [one.source] : []));
  const files = attachments.flatMap(({ source, filename }) => [source, filename]);
  const password: Sourced = { references: [{ root: 'secret', path: [PASSWORD], offset: 0, length: 0 }] };
  return [...addresses, subject, body, ...files, password];
}

/** A message, and what is to be told of it: people who have no address. */
export interface PreparedMail {
  readonly mail: OutgoingMail;
  readonly warnings: readonly string[];
}

/** Finds the addresses of people of the install. */
export type FindPeople = (names: readonly string[]) => Promise<PeopleAddresses>;

/**
 * The message. Rejects with MAIL_NOT_SET_UP, MAIL_NO_RECIPIENT, MAIL_ADDRESS_INVALID, MAIL_TOO_MANY, MAIL_TOO_LARGE,
 * MAIL_ATTACHMENT_INVALID, and what values reject with.
 */
export async function prepareMail(task: CompiledEmailTask, scope: Scope, people: FindPeople): Promise<PreparedMail> {
  const server = setting(scope, SMTP_SETTING, 'smtp://user@mail.example.com:587');
  const warnings: string[] = [];
  const addressesOf = async (given: readonly CompiledAddressee[]): Promise<MailAddress[]> => {
    const found: MailAddress[] = [];
    for (const one of given) {
      if ('source' in one) {
        found.push(...readAddresses(await one.source.evaluate(scope)));
        continue;
      }
      const known = await people(one.people);
      found.push(...known.addresses);
      warnings.push(...known.warnings);
    }
    return [...new Map(found.map((one) => [one.address.toLowerCase(), one])).values()];
  };
  const [from] = await addressesOf(task.from === undefined ? [] : [task.from]);
  const [replyTo] = await addressesOf(task.replyTo === undefined ? [] : [task.replyTo]);
  const sender = from ?? readAddresses(setting(scope, SENDER_SETTING, '"Our company <crm@example.com>"'))[0];
  const to = await addressesOf(task.to);
  const cc = await addressesOf(task.cc);
  const bcc = await addressesOf(task.bcc);
  checkRecipients(task, { to, all: [...to, ...cc, ...bcc] });
  if (sender === undefined) throw notSetUp(SENDER_SETTING, '"Our company <crm@example.com>"');
  const mail: OutgoingMail = {
    server,
    password: scope.secret(PASSWORD),
    from: sender,
    replyTo,
    to,
    cc,
    bcc,
    subject: (await textOf(task.subject, scope)).replaceAll(/\s+/gu, ' ').trim(),
    body: { format: task.isHtml ? 'html' : 'text', text: await textOf(task.body, scope) },
    attachments: await readAttachments(task.attachments, scope),
    messageId: `<${scope.step.key}@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}>`,
    date: scope.ambience.now,
    timeoutMs: TIMEOUT_MS,
  };
  return { mail, warnings: [...new Set(warnings)] };
}

function checkRecipients(
  task: CompiledEmailTask,
  { to, all }: { readonly to: readonly MailAddress[]; readonly all: readonly MailAddress[] },
): void {
  if (to.length === 0) {
    const empty = task.to.map((one) => ('source' in one ? one.source.describe : one.people.join(' '))).join(', ');
    throw new MapwrightError('MAIL_NO_RECIPIENT', `there is nobody to send to: ${empty} gives no address`, {
      hint: 'fill it (people: mapwright user set NAME --email), or skip the task with a <condition>',
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

/** MAIL_NOT_SET_UP. */
export function notSetUp(name: string, example: string): MapwrightError {
  return new MapwrightError('MAIL_NOT_SET_UP', `no e-mail can be sent: the setting ${name} has no value`, {
    hint: `mapwright setting set ${name} ${example}`,
  });
}

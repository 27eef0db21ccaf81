import type { DeliveryBatch } from '../../core/delivery.ts';
import { type User, personName } from '../../core/identity-store.ts';
import type { Json } from '../../core/json.ts';
import { SENDER_SETTING, SMTP_SETTING } from '../../core/local-setting.ts';
import type { OutgoingMail } from '../../core/mail.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import { readAddresses } from '../mail/mail-address.ts';
import { notSetUp } from '../mail/prepared-mail.ts';

const TIMEOUT_MS = 60_000;

/** What a notice is mailed with. */
export interface NoticeMailParts {
  readonly settings: Readonly<Record<string, Json>>;
  readonly password: string | undefined;
  /** Tells this install's messages from another's. */
  readonly installId: string;
}

/**
 * The message for a batch of notices to one user. All its tries have one Message-ID, by which a mailbox that gets it twice
 * can tell. Throws MAIL_NOT_SET_UP or MAIL_ADDRESS_INVALID.
 */
export function noticeMail(parts: NoticeMailParts, batch: DeliveryBatch, user: User): OutgoingMail {
  const { settings, password, installId } = parts;
  const [from] = readAddresses(required(settings, SENDER_SETTING, '"Our company <crm@example.com>"'));
  if (from === undefined) throw notSetUp(SENDER_SETTING, '"Our company <crm@example.com>"');
  const { address } = from;
  return {
    server: required(settings, SMTP_SETTING, 'smtp://user@mail.example.com:587'),
    password,
    from,
    replyTo: undefined,
    to: readAddresses(user.email).map((to) => ({ ...to, name: to.name === '' ? personName(user) : to.name })),
    cc: [],
    bcc: [],
    subject: subjectOf(batch),
    body: { format: 'text', text: textOf(batch) },
    messageId: `<mw-${installId}-notice-${batch.id}@${address.slice(address.lastIndexOf('@') + 1)}>`,
    date: batch.deliveries[0]?.at ?? 0,
    timeoutMs: TIMEOUT_MS,
  };
}

/** What the notices of a batch say: of one all of it, of many the first line each. */
export function textOf({ deliveries, count }: DeliveryBatch): string {
  const texts = deliveries.map(({ content }) => saidIn(content['text'] ?? inputText(content['input'])));
  if (count === 1) return texts[0] ?? '';
  const lines = texts.map((text) => `- ${text.split('\n').slice(0, 2).join(' / ')}`);
  const more = count - lines.length;
  const head = `${count} more notices of the same cause came within an hour. They are told together:`;
  return [head, '', ...lines, ...(more > 0 ? [`and ${more} more: mapwright runs list`] : [])].join('\n');
}

function subjectOf({ deliveries, count }: DeliveryBatch): string {
  const subject = saidIn(deliveries[0]?.content['subject']).replaceAll(/\s+/gu, ' ').trim();
  return count === 1 ? subject : `${count} more: ${subject}`;
}

function inputText(input: Json | undefined): Json | undefined {
  return typeof input === 'object' && input !== null && 'text' in input ? input.text : undefined;
}

function saidIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function required(settings: NoticeMailParts['settings'], name: string, example: string): string {
  const value = toPlainText(settings[name] ?? '').trim();
  if (value !== '') return value;
  throw notSetUp(name, example);
}

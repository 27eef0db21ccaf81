import type { Clock } from '../../core/clock.ts';
import type { NewDelivery } from '../../core/delivery.ts';
import type { IdentityStore, User } from '../../core/identity-store.ts';
import { SENDER_SETTING, SMTP_SETTING } from '../../core/local-setting.ts';
import { LONGEST_NOTICE } from '../../core/notification.ts';
import type { RecordStore } from '../../core/record-store.ts';
import type { SettingStore } from '../../core/secret-store.ts';
import { emptyUnit } from '../../core/unit-of-work.ts';
import type { Alert } from './alert.ts';

/** What alerts are told with. */
export interface TellingParts {
  readonly identities: Pick<IdentityStore, 'users'>;
  readonly settings: Pick<SettingStore, 'all'>;
  readonly records: Pick<RecordStore, 'commit' | 'findDedup'>;
  readonly clock: Clock;
  /** Puts dots in the place of secrets. */
  readonly mask: (text: string) => string;
}

const SCOPE = 'alert';
const KEPT_MS = 30 * 24 * 3_600_000;
const LONGEST_SUBJECT = 150;

/**
 * Tells all active administrators in the product, and by mail those who have an address, as soon as the install can send
 * any. What was told before, by whichever node, is not told again.
 * False when it is told only after another that was not.
 */
export async function tellAdministrators(parts: TellingParts, alert: Alert): Promise<boolean> {
  const { records, clock } = parts;
  const at = clock.now();
  if (alert.after !== undefined && !(await wasTold(parts, alert.after))) return false;
  if (await wasTold(parts, [alert.key])) return true;
  const people = (await parts.identities.users()).filter(({ admin, active }) => admin && active);
  const text = cut(parts.mask(alert.text), LONGEST_NOTICE);
  const mailed = (await canMail(parts)) ? people.filter(({ email }) => email !== '') : [];
  await records.commit({
    ...emptyUnit(at),
    dedup: { scope: SCOPE, key: alert.key, bodyHash: SCOPE, answer: null, expiresAt: at + KEPT_MS },
    notices: people.map(({ id: user }) => ({ user, text, run: undefined, task: alert.topic, recordId: undefined })),
    deliveries: mailed.map((user) => mailTo(user, alert, text)),
  });
  return true;
}

async function wasTold({ records, clock }: TellingParts, keys: readonly string[]): Promise<boolean> {
  const now = clock.now();
  for (const key of keys) if ((await records.findDedup({ scope: SCOPE, key, now })) !== undefined) return true;
  return false;
}

/** Where no mail can be sent, the product is where they are told; a mail would be tried for days. */
async function canMail({ settings }: TellingParts): Promise<boolean> {
  const all = await settings.all();
  return [SMTP_SETTING, SENDER_SETTING].every((name) => (all[name] ?? '').trim() !== '');
}

function mailTo({ id }: User, { topic }: Alert, text: string): NewDelivery {
  const [first = ''] = text.split('\n');
  const content = { subject: cut(first, LONGEST_SUBJECT), text };
  return { way: 'mail', to: id, cause: `${SCOPE}/${topic}`, run: undefined, task: topic, content };
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text;
}

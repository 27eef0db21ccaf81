import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import type { MailAddress } from '../../core/mail.ts';
import { toPlainText } from '../../expression/plain-text.ts';

/** Longer texts are no address with a name. */
const MAX_LENGTH = 500;
const NAMED = /^(?:"(?<quoted>[^"]*)"|(?<plain>[^<>"]*?))\s*<(?<inside>[^<>]*)>$/u;
const ADDRESS = /^[^\s<>@",;:()[\]\\]+@[^\s<>@",;:()[\]\\]+$/u;

/**
 * The addresses in a value: a text with `,` or `;` between them, or a list of such texts; empty ones do not count.
 * Each is `anna@example.com` or `Anna Berg <anna@example.com>`; anything else is MAIL_ADDRESS_INVALID.
 */
export function readAddresses(value: Json | undefined): MailAddress[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item: Json) => readAddresses(item));
  return splitList(toPlainText(value))
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(readAddress);
}

/** At every `,` and `;` that is not between quotation marks. */
function splitList(list: string): string[] {
  const texts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < list.length; index++) {
    const character = list[index];
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted || (character !== ',' && character !== ';')) continue;
    texts.push(list.slice(start, index));
    start = index + 1;
  }
  return [...texts, list.slice(start)];
}

function readAddress(text: string): MailAddress {
  const { quoted, plain, inside } = text.length > MAX_LENGTH ? {} : (NAMED.exec(text)?.groups ?? {});
  const address = (inside ?? text).trim();
  // oxlint-disable-next-line no-control-regex -- a line break would begin a header of its own
  const isWhole = ADDRESS.test(address) && address.length <= 254 && !/[\u0000-\u001f\u007f]/u.test(text);
  if (isWhole) return { name: (quoted ?? plain ?? '').trim(), address };
  throw new MapwrightError('MAIL_ADDRESS_INVALID', `"${text.slice(0, 80)}" is no e-mail address`, {
    hint: 'write anna@example.com or Anna Berg <anna@example.com>, with commas between several',
  });
}

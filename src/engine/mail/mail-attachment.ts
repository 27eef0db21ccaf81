import { MapwrightError } from '../../core/error.ts';
import type { MailAttachment } from '../../core/mail.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import type { CompiledAttachment } from '../../catalog/task/email-task.ts';
import { toPlainText } from '../../expression/plain-text.ts';

/** Of all files of a message together; in base64, as they travel, a third more. */
const MAX_BYTES = 15 * 1024 * 1024;
const LONGEST_NAME = 200;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/u;
/** What a page puts before a file: `data:image/png;base64,`. */
const DATA_URL = /^data:[^,]{0,200};base64,/u;

/**
 * The files of a message. A value that is empty makes none. Rejects with PARAMETER_SOURCE_MISSING,
 * MAIL_ATTACHMENT_INVALID and MAIL_TOO_LARGE.
 */
export async function readAttachments(
  attachments: readonly CompiledAttachment[],
  scope: Scope,
): Promise<MailAttachment[]> {
  const files: MailAttachment[] = [];
  let size = 0;
  for (const attachment of attachments) {
    const text = await textOf(attachment, scope);
    if (text === '') continue;
    const { contentType, isBase64 } = attachment;
    const filename = fileName(toPlainText(await attachment.filename.evaluate(scope)));
    const content = isBase64 ? decode(text, filename) : text;
    size += typeof content === 'string' ? Buffer.byteLength(content) : content.length;
    files.push({ filename, contentType, content });
  }
  if (size <= MAX_BYTES) return files;
  throw new MapwrightError('MAIL_TOO_LARGE', `the files of the message have ${size} bytes; ${MAX_BYTES} is the most`, {
    hint: 'send a link to them instead',
  });
}

async function textOf({ source }: CompiledAttachment, scope: Scope): Promise<string> {
  const value = await source.evaluate(scope);
  if (value !== undefined) return toPlainText(value);
  throw new MapwrightError(
    'PARAMETER_SOURCE_MISSING',
    `a file of the message has no content: there is no ${source.describe}`,
  );
}

/** The name alone, whatever folders stood before it, and nothing that would end a header. */
function fileName(given: string): string {
  const name = given
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replace(/^[^]*[/\\]/u, '')
    .trim();
  return name === '' ? 'attachment' : name.slice(-LONGEST_NAME).toWellFormed();
}

function decode(text: string, filename: string): Uint8Array {
  const written = text.replace(DATA_URL, '').replaceAll(/\s+/gu, '');
  // What ends one character into a group of four was cut off.
  const isWhole = written.replace(/=+$/u, '').length % 4 !== 1;
  if (isWhole && BASE64.test(written)) return Buffer.from(written, 'base64');
  throw new MapwrightError('MAIL_ATTACHMENT_INVALID', `the value of the file "${filename}" is no base64`, {
    hint: 'leave out encoding="base64" where the value is the text of the file itself',
  });
}

/** As people see it: `invoice.pdf (application/pdf, 1024 bytes)`. */
export function describeAttachment({ filename, contentType, content }: MailAttachment): string {
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  return `${filename} (${contentType === undefined ? '' : `${contentType}, `}${bytes} bytes)`;
}

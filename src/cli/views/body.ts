import type { RecordedBody } from '../../core/step.ts';
import { fold, printable } from '../text-layout.ts';

/** How much of a body is shown. */
export interface BodyView {
  /** The columns a line may take. */
  readonly width: number;
  readonly maxLines: number;
}

/** A body's lines: JSON laid out when it is too long for one line, other texts folded; says what is left out. */
export function renderBody(body: RecordedBody, view: BodyView): string[] {
  if (body.bytes === 0) return [];
  if (body.text === '') return [`(${renderBytes(body.bytes)} that are no text)`];
  const lines = fold(printable(layOut(body.text, view.width)), view.width);
  const shown = lines.slice(0, view.maxLines);
  const hidden = lines.length - shown.length;
  if (hidden > 0) shown.push(`… ${hidden} more lines (--full shows all)`);
  if (body.cut) shown.push(`… cut: ${renderBytes(body.bytes)} in all`);
  return shown;
}

function layOut(text: string, width: number): string {
  if (text.length <= width || !/^\s*[[{]/u.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text, keepNumber), null, 2).replaceAll(RAW_NUMBER, '$1');
  } catch {
    return text;
  }
}

const RAW_MARK = '\u0001';
const RAW_NUMBER = new RegExp(`"\\\\u0001([^"\\\\]*)"`, 'gu');

/** Keeps a number as it was written: 9007199254740993 and 1.50 must not change by being shown. */
function keepNumber(_name: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? `${RAW_MARK}${context.source}` : value;
}

/** A size for people: `812 bytes`, `14.2 KiB`, `3.0 MiB`. */
export function renderBytes(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

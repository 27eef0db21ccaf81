import { decodeWithOffsets } from '../../expression/legacy/entities.ts';
import { parseTokens } from '../../expression/legacy/parser.ts';
import { tokenize } from '../../expression/legacy/token.ts';
import type { LegacyNode } from '../../expression/legacy/tree.ts';

/** The tree that the legacy language makes of a text; undefined when it is no expression. */
export function readExpression(text: string): LegacyNode | undefined {
  const decoded = decodeWithOffsets(text).text;
  const parsed = parseTokens(tokenize(decoded).tokens, decoded.length);
  return parsed.ok ? parsed.tree : undefined;
}

/** The text on one line where that changes nothing: line breaks between its words become blanks. */
export function onOneLine(text: string): string {
  if (!text.includes('\n') || text.includes('&')) return text;
  let line = '';
  let at = 0;
  for (const { offset, length } of tokenize(text).tokens) {
    line += text.slice(at, offset).replaceAll(/\s*\n\s*/gu, ' ') + text.slice(offset, offset + length);
    at = offset + length;
  }
  return (line + text.slice(at).replaceAll(/\s*\n\s*/gu, ' ')).trim();
}

import type { SourceText } from '../../core/diagnostic.ts';
import { sliceSource } from '../../xml/source-text.ts';

/** Drops one line break right after the start tag and the indentation before the end tag; nothing else. */
export function withoutMarkupBlanks(text: SourceText): SourceText {
  const start = text.value.startsWith('\n') ? 1 : 0;
  const indentation = /(?<=\n)[ \t]+$/u.exec(text.value);
  return sliceSource(text, start, Math.max(start, indentation?.index ?? text.value.length));
}

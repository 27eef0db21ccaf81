import type { Range } from '../core/diagnostic.ts';
import type { CaseResult } from '../engine/map-test/map-test.ts';
import type { NewElement } from '../engine/map-test/difference.ts';
import { FORBIDDEN_CHARACTER } from '../xml/reference.ts';
import { escapeFor, renderElement } from './element-text.ts';

/** A document's text with its expectations corrected. */
export interface CorrectedText {
  readonly text: string;
  /** Differences that were left because their value holds a secret, or cannot stand in XML, or needs a person. */
  readonly left: number;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Makes a test document say what happened in its failed cases. Everything else stays as it is, letter by letter. */
export function correctExpectations(text: string, results: readonly CaseResult[]): CorrectedText {
  const edits: Edit[] = [];
  let left = 0;
  for (const result of results) {
    const writer = new CaseWriter(text, result.caseRange);
    const additions = [...(result.observed ?? [])];
    for (const correction of result.corrections) {
      if (correction?.kind === 'addition') {
        additions.push(correction.element);
        continue;
      }
      const edit = correction && writer.edit(correction);
      if (edit === undefined) left++;
      else edits.push(edit);
    }
    if (additions.length > 0) edits.push(writer.append(additions));
  }
  return { text: applyEdits(text, edits), left };
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { start, end, text: inserted } of edits.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + inserted + result.slice(end);
  }
  return result;
}

/** Writes into one case in the manner of its file: line ends, indentation, namespace prefix. */
class CaseWriter {
  readonly #text: string;
  readonly #range: Range;
  readonly #lineEnd: string;
  readonly #prefix: string;

  constructor(text: string, range: Range) {
    this.#text = text;
    this.#range = range;
    this.#lineEnd = /\r\n|\n|\r/u.exec(text)?.[0] ?? '\n';
    this.#prefix = /^<([^\s:>]+:)?/u.exec(text.slice(range.start.offset, range.start.offset + 100))?.[1] ?? '';
  }

  /** Undefined when the text cannot stand in XML. */
  edit(
    correction:
      | { readonly kind: 'attribute'; readonly range: Range; readonly text: string }
      | { readonly kind: 'element'; readonly range: Range; readonly element: NewElement }
      | { readonly kind: 'removal'; readonly range: Range },
  ): Edit | undefined {
    const start = correction.range.start.offset;
    const end = correction.range.end.offset;
    if (correction.kind === 'removal') return this.#removal(start, end);
    if (correction.kind === 'element') {
      return { start, end, text: this.#render(correction.element, this.#indentationAt(start)) };
    }
    if (FORBIDDEN_CHARACTER.test(correction.text)) return undefined;
    return { start, end, text: escapeFor(correction.text, this.#text[start - 1] === "'" ? "'" : '"') };
  }

  /** The elements at the end of the case, each on a line of its own. */
  append(elements: readonly NewElement[]): Edit {
    const outer = this.#indentationAt(this.#range.start.offset);
    const indentation = this.#childIndentation() ?? `${outer}  `;
    const lines = elements.map((element) => indentation + this.#render(element, indentation));
    const block = lines.join(this.#lineEnd);
    const end = this.#range.end.offset;
    if (this.#text.slice(0, end).endsWith('/>')) {
      const closing = `${this.#lineEnd}${outer}</${this.#prefix}case>`;
      const from = this.#text.slice(0, end - 2).trimEnd().length;
      return { start: from, end, text: `>${this.#lineEnd}${block}${closing}` };
    }
    const closing = this.#text.lastIndexOf('</', end - 1);
    const lineStart = this.#lineStart(closing);
    const ownLine = this.#text.slice(lineStart, closing).trim() === '';
    return ownLine
      ? { start: lineStart, end: lineStart, text: block + this.#lineEnd }
      : { start: closing, end: closing, text: this.#lineEnd + block + this.#lineEnd + outer };
  }

  #render(element: NewElement, indentation: string): string {
    return renderElement(element, { indentation, lineEnd: this.#lineEnd, prefix: this.#prefix });
  }

  /** An element that stands alone on its line goes with the line. */
  #removal(start: number, end: number): Edit {
    const lineStart = this.#lineStart(start);
    const rest = /^[ \t]*(\r\n|\n|\r)/u.exec(this.#text.slice(end, end + 1000));
    const isAlone = this.#text.slice(lineStart, start).trim() === '' && rest !== null;
    return isAlone ? { start: lineStart, end: end + rest[0].length, text: '' } : { start, end, text: '' };
  }

  #lineStart(at: number): number {
    return Math.max(this.#text.lastIndexOf('\n', at - 1), this.#text.lastIndexOf('\r', at - 1)) + 1;
  }

  #indentationAt(at: number): string {
    return /^[ \t]*/u.exec(this.#text.slice(this.#lineStart(at), at))?.[0] ?? '';
  }

  #childIndentation(): string | undefined {
    const inside = this.#text.slice(this.#range.start.offset, this.#range.end.offset);
    return /[\r\n]([ \t]*)<[^/]/u.exec(inside)?.[1];
  }
}

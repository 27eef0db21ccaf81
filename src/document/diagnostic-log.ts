import type { Diagnostic, Range } from '../core/diagnostic.ts';

/** The most problems told of one text; what is beyond is one DOCUMENT_TOO_MANY_PROBLEMS. */
const MAX_DIAGNOSTICS = 100;

/** Longer messages and hints repeat what somebody wrote, and only its start helps. */
const LONGEST_TEXT = 500;

/** What a reader says of one problem; the log adds the file. */
export type Finding = Omit<Diagnostic, 'file' | 'severity'>;

/** Collects the problems of one text. Messages and hints are cut where they are very long. */
export class DiagnosticLog {
  readonly file: string;
  readonly #kept: Diagnostic[] = [];
  #firstLeftOut: Diagnostic | undefined;
  #errorLeftOut = false;

  constructor(file: string) {
    this.file = file;
  }

  /** True when what is added now is only counted, so that no effort need go into it. */
  get full(): boolean {
    return this.#kept.length >= MAX_DIAGNOSTICS;
  }

  error(finding: Finding): void {
    this.#add({ ...finding, severity: 'error', file: this.file });
  }

  warning(finding: Finding): void {
    this.#add({ ...finding, severity: 'warning', file: this.file });
  }

  info(finding: Finding): void {
    this.#add({ ...finding, severity: 'info', file: this.file });
  }

  /** Everything told so far, in the order of the text; an error among what was left out stays an error. */
  diagnostics(): Diagnostic[] {
    const inOrder = this.#kept.toSorted((a, b) => a.range.start.offset - b.range.start.offset);
    if (this.#firstLeftOut === undefined) return inOrder;
    return [...inOrder, this.#tooMany(this.#firstLeftOut.range)];
  }

  #add(diagnostic: Diagnostic): void {
    if (!this.full) {
      this.#kept.push(shortened(diagnostic));
      return;
    }
    this.#firstLeftOut ??= diagnostic;
    this.#errorLeftOut ||= diagnostic.severity === 'error';
  }

  #tooMany(range: Range): Diagnostic {
    return {
      severity: this.#errorLeftOut ? 'error' : 'warning',
      code: 'DOCUMENT_TOO_MANY_PROBLEMS',
      message: `more than ${MAX_DIAGNOSTICS} problems; the rest is not shown`,
      hint: 'mend those above and check again',
      file: this.file,
      range,
    };
  }
}

function shortened(diagnostic: Diagnostic): Diagnostic {
  const { message, hint } = diagnostic;
  const cutHint = hint === undefined ? {} : { hint: cut(hint) };
  return { ...diagnostic, message: cut(message), ...cutHint };
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT).toWellFormed()}...` : text;
}

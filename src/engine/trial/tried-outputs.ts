import type { Json } from '../../core/json.ts';
import type { OutputWrite, ReadOutput, StatusRule } from '../answer/judged-answer.ts';

/** What one output came to in a trial. */
export interface TriedOutput {
  /** The path or literal that it reads. */
  readonly from: string;
  readonly field?: string | undefined;
  readonly context?: string | undefined;
  /** The type that it says; else that of what was found. */
  readonly type?: string | undefined;
  /**
   * written: it has a value; kept: it has one, and the failure keeps it from being written; absent: the answer has none, which
   * is fine; failed: it could not be read; unasked: it is for answers of the other sort.
   */
  readonly outcome: 'written' | 'kept' | 'absent' | 'failed' | 'unasked';
  readonly value?: Json | undefined;
  /** Why it failed. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly hint?: string | undefined;
}

/** The statuses that count as a success, who says so, and whether the answer's did. */
export interface AppliedRule extends StatusRule {
  readonly status: number;
  readonly isMet: boolean;
}

/** The rule on one answer. */
export function ruleApplied(rule: StatusRule, status: number): AppliedRule {
  const classOf = `${Math.floor(status / 100)}xx`;
  return { ...rule, status, isMet: rule.expected.some((one) => one === String(status) || one === classOf) };
}

/** Each output as people may see it. */
export function shownOutputs(
  read: readonly ReadOutput[],
  params: {
    readonly writes: readonly OutputWrite[];
    readonly show: (value: Json) => Json;
    readonly redact: (text: string) => string;
  },
): TriedOutput[] {
  return read.map(({ document, from, outcome, value, error }) => {
    const [field, context] = [document.field?.value, document.context?.value];
    const type = document.type ?? (value === undefined ? undefined : typeOf(value));
    const isWritten = params.writes.some(
      (write) => write.from === from && write.field === field && write.context === context,
    );
    const shown = value === undefined ? undefined : document.sensitive ? '••••' : params.show(value);
    return {
      from,
      ...(field === undefined ? {} : { field }),
      ...(context === undefined ? {} : { context }),
      ...(type === undefined ? {} : { type }),
      outcome: outcome === 'value' ? (isWritten ? 'written' : 'kept') : outcome,
      ...(shown === undefined ? {} : { value: shown }),
      ...(error === undefined ? {} : { code: error.code, message: params.redact(error.message) }),
      ...(error?.hint === undefined ? {} : { hint: params.redact(error.hint) }),
    };
  });
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

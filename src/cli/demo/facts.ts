import type { RunStatus } from '../../core/run.ts';

/** Everything the demo found out; the report is written from this alone. */
export interface DemoFacts {
  readonly documents: 'native' | 'published';
  readonly a: { readonly url: string; readonly checked: Readonly<Record<string, number>>; readonly errors: number };
  readonly b: { readonly url: string; readonly products: number };
  readonly scenes: readonly Scene[];
  readonly comparison: Comparison | undefined;
  readonly totals: Totals;
  /** What is not as it must be; empty when all is well. */
  readonly failures: readonly string[];
}

export interface Scene {
  readonly title: string;
  readonly saves: readonly SaveFact[];
  /** The runs as they stood while B was down. */
  readonly waiting: readonly { readonly run: number; readonly reason: string }[];
  readonly runs: readonly RunFact[];
  /** One line a call, or all calls of a run in one line. */
  readonly detail: 'lines' | 'brief' | 'ends';
  /** Field of A -> whether a failed call left it as it was. */
  readonly untouched: Readonly<Record<string, boolean>>;
}

export interface SaveFact {
  readonly id: string;
  /** What changed: the name, or `serial_no SN-1 -> SN-2`. */
  readonly what: string;
  readonly ms: number;
  readonly peerIsDown: boolean;
}

export interface RunFact {
  readonly id: number;
  readonly workflow: string;
  readonly status: RunStatus;
  readonly ms: number;
  readonly tries: number;
  readonly steps: readonly StepFact[];
}

export interface StepFact {
  readonly task: string;
  readonly method: string;
  readonly operation: string;
  /** HTTP status of the last answer; undefined when there was none. */
  readonly status: number | undefined;
  readonly ms: number;
  readonly effects: readonly string[];
  readonly failure: string | undefined;
}

export interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly fields: readonly {
    readonly name: string;
    readonly a: string;
    readonly b: string;
    readonly verdict: 'same' | 'DIFFERENT' | '';
  }[];
}

export interface Totals {
  readonly saves: number;
  readonly completed: number;
  readonly failed: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly sessionsOpen: number;
}

import type { KeptKind } from '../../core/retention.ts';
import type { RetentionFigures } from '../../core/retention-store.ts';

/** How long one kind is kept, and what that means now. */
export interface KeptEntry {
  readonly kind: KeptKind;
  /** Milliseconds; null: for ever. */
  readonly keepMs: number | null;
  /** Of runs: so many of the newest are kept; null: all of them. */
  readonly atMost: number | null;
  /** False where nobody has said anything: what the product comes with. */
  readonly isSet: boolean;
  /** What is older goes; left out where nothing does by its age. Milliseconds since the epoch. */
  readonly before?: number;
  /** Runs that have been kept long enough and are still there; of runs only. */
  readonly due?: number;
}

/** A workflow that says itself how long its runs are kept. */
export interface WorkflowKeepEntry {
  readonly workflow: string;
  /** Milliseconds, null: for ever; left out where it says nothing. */
  readonly keepMs?: number | null;
  /** Of runs that failed, were canceled or handled. */
  readonly keepFailedMs?: number | null;
}

export interface RetentionReport {
  readonly kinds: readonly KeptEntry[];
  readonly workflows: readonly WorkflowKeepEntry[];
  readonly last: RetentionFigures;
}

/** What is to hold for one kind; what is left out stays. */
export interface RetentionChange {
  readonly kind: KeptKind;
  /** `30d`, `forever`, or `default`: what the product comes with. */
  readonly keep?: string | undefined;
  /** A number, or null for no limit. */
  readonly atMost?: number | null | undefined;
}

/** The part of Administration that is about how long things are kept. */
export interface RetentionAdministration {
  /** How long everything is kept, what would go now, and what went. */
  retention(): Promise<RetentionReport>;
  /** What would hold after the change; changes nothing. Rejects with RETENTION_INVALID and SETTING_INVALID. */
  previewRetention(change: RetentionChange): Promise<RetentionReport>;
  /** Rejects with RETENTION_INVALID and SETTING_INVALID. What has been kept long enough then goes within ten minutes. */
  setRetention(change: RetentionChange): Promise<RetentionReport>;
}

/** What one look at a part of the process came to. Texts name no record, no address and no secret. */
export interface CheckResult {
  readonly ok: boolean;
  /** One sentence; left out where all is well. */
  readonly reason?: string;
  /** The code of the error behind it. */
  readonly code?: string;
}

/** What is answered to whoever asks whether the process lives, or takes work. */
export interface Verdict {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Readonly<Record<string, CheckResult>>;
}

export const FINE: CheckResult = { ok: true };

/** ok when every check is. */
export function verdictOf(checks: Readonly<Record<string, CheckResult>>): Verdict {
  const isFine = Object.values(checks).every(({ ok }) => ok);
  return { status: isFine ? 'ok' : 'unavailable', checks };
}

/** Something about the install itself that its administrators are told, once for each key. */
export interface Alert {
  /** What it is about: `schedule nightly`. */
  readonly topic: string;
  /** The same for what must not be told twice, on any node. Remembered for thirty days. */
  readonly key: string;
  /** Told only to those who were told under one of these keys: that something is well again. */
  readonly after?: readonly string[];
  /** For people: the first line says it, and is the subject of the mail. */
  readonly text: string;
}

const DAY_MS = 24 * 3_600_000;

/** The day of a moment in UTC: `2026-03-02`. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The day of a moment, and the one before: what began late may end early. */
export function daysUntil(at: number): readonly string[] {
  return [dayOf(at), dayOf(at - DAY_MS)];
}

/** A moment as people read it: `2026-03-02 09:14 UTC`. */
export function momentWords(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

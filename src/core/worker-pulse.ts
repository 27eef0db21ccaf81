/** What shows that a process's worker is alive. Times are milliseconds since the epoch. */
export interface WorkerPulse {
  /** When it began to work; undefined before, and for a process that only accepts runs. */
  readonly startedAt: number | undefined;
  /** True once it claims no more. */
  readonly isStopping: boolean;
  /** When it last asked the store for runs, or prolonged its hold on some, whatever came of it. */
  readonly triedAt: number | undefined;
  /** When the store last answered that. */
  readonly answeredAt: number | undefined;
}

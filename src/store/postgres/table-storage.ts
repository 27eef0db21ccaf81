/**
 * How tables that are written often are kept; said anew with each migration. A run's row is written six times while the run
 * goes on, a step's twice: where there is room for it on the same page, no index has to be written. What is left behind is
 * cleared away before it is a fifth of a large table.
 */
export const TABLE_STORAGE: readonly string[] = [
  `ALTER TABLE runs SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`,
  `ALTER TABLE steps SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)`,
  `ALTER TABLE run_contexts SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)`,
];

/**
 * How tables that are written often are kept; said anew with each migration. A run's row is written six times while the run
 * goes on, a step's twice: where there is room for it on the same page, no index has to be written. What is left behind is
 * cleared away before it is a fifth of a large table.
 *
 * What retention removes leaves holes of its own in the large tables, on pages that are full otherwise: at a fiftieth they are
 * used again long before the tables have grown by as much. Rows of the small tables that live for seconds are cleared away
 * after a number of them, whatever their share: a table of ten rows that has written a million is slow to read until then.
 */
export const TABLE_STORAGE: readonly string[] = [
  `ALTER TABLE runs SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`,
  `ALTER TABLE steps SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)`,
  `ALTER TABLE run_contexts SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)`,
  // Most files are compressed already.
  `ALTER TABLE file_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL`,
  ...['run_triggers', 'run_keys', 'attempts', 'record_history', 'dedup_keys', 'inbox'].map(
    (table) => `ALTER TABLE ${table} SET (autovacuum_vacuum_scale_factor = 0.02)`,
  ),
  ...['removed_runs', 'removed_jobs', 'retention', 'retention_totals', 'run_counts', 'destination_shares', 'nodes'].map(
    (table) =>
      `ALTER TABLE ${table} SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)`,
  ),
];

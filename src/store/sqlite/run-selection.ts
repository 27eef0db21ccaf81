import { selectRun } from '../run-row.ts';

/** Runs with all that belongs to them, to be followed by WHERE. */
export const SELECT_RUN = selectRun(
  '(SELECT json_group_object(name, value) FROM run_keys WHERE run_keys.run = runs.id)',
);

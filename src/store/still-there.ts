/** Of a row of `runs`: it has not been taken away. */
export const RUN_IS_THERE = 'NOT EXISTS (SELECT 1 FROM removed_runs WHERE removed_runs.run = runs.id)';

/** Of a row of `inbox_jobs`: it has not been taken away. */
export const JOB_IS_THERE = 'NOT EXISTS (SELECT 1 FROM removed_jobs WHERE removed_jobs.job = inbox_jobs.id)';

/** Answers of queued operations forgotten with each one that comes, so that they never pile up. */
export const FORGOTTEN_PER_ANSWER = 4;

/** Characters that are read of waiting operations at once; a single one may have more. */
export const MOST_READ = 4 * 1024 * 1024;

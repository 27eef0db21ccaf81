import { type SuiteParams, UsageError } from '../suite.ts';

const DATABASES = ['sqlite', 'postgres'] as const;

/** The databases that an option lists, separated by commas; throws UsageError for one that there is not. */
export function databasesOption({ option }: SuiteParams, name: string): readonly (typeof DATABASES)[number][] {
  return option(name)
    .split(',')
    .map((wanted) => {
      const known = DATABASES.find((one) => one === wanted.trim());
      if (known === undefined) throw new UsageError(`--${name} takes ${DATABASES.join(' and ')}, not "${wanted}"`);
      return known;
    });
}

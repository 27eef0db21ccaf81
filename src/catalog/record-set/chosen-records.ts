import { MapwrightError } from '../../core/error.ts';
import type { CompiledSource } from '../compiled-source.ts';

/** The ids of the records that a record set names or a condition query finds, asked with the values of the run. */
export function chosenRecords(name: string, module: string | undefined): CompiledSource {
  const at = { offset: 0, length: name.length };
  return {
    describe: `records ${name}`,
    references: [
      { root: 'record', path: [], ...at },
      { root: 'context', path: [], ...at },
    ],
    async evaluate(scope) {
      const { environment, names } = await scope.legacy();
      const ids = await environment.services.maps.records(name, names, module);
      if (ids !== undefined) return [...ids];
      throw new MapwrightError('RECORDS_UNKNOWN', `there is no record set or condition query "${name}"`, {
        hint: 'apply its document',
      });
    },
  };
}

import { type Diagnostic, hasErrors } from '../../core/diagnostic.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TryMapParams, TryMapReport } from './trial-administration.ts';

/**
 * The report in the place of a trial whose documents have errors: what could be read of them may be another call than the one
 * that is meant, so nothing is sent. Undefined when the trial can be made; a map that is whole is shown all the same.
 */
export function refusedTrial(
  { send }: Pick<TryMapParams, 'send'>,
  draft: { readonly catalog: Catalog; readonly diagnostics: readonly Diagnostic[] },
  map: string,
): TryMapReport | undefined {
  const { catalog, diagnostics } = draft;
  const isThere = catalog.maps.has(map);
  if (!hasErrors(diagnostics) || (isThere && !send)) return undefined;
  return {
    diagnostics,
    map,
    request: undefined,
    answer: undefined,
    failure: {
      code: 'TRIAL_DOCUMENTS',
      message: isThere
        ? 'the documents given have errors, and nothing is sent before they are corrected'
        : `the documents given have errors, and none of them holds a map "${map}" without any`,
      hint: 'correct the documents',
    },
    outputs: [],
    warnings: [],
  };
}

import type { Ambience } from '../../expression/environment.ts';
import type { LegacyConditionView } from '../../expression/legacy/condition/condition-view.ts';
import type { LegacyEvaluation } from '../evaluation.ts';
import { legacyAccess, serviceUser } from './legacy-access.ts';
import { legacyEnvironment } from './legacy-view.ts';
import { storedTexts } from './stored-text.ts';

/** What conditions of the original are judged on. What their expressions change of the install is changed for them alone. */
export async function conditionView(evaluation: LegacyEvaluation, ambience: Ambience): Promise<LegacyConditionView> {
  const user = await serviceUser(evaluation.evaluator);
  const access = legacyAccess(evaluation, { user, ambience, part: 'guard' });
  const environment = legacyEnvironment(evaluation, access);
  return {
    environment,
    previous: evaluation.previous && storedTexts(evaluation.previous, evaluation.module?.fields ?? []),
  };
}

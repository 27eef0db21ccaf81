import type { LegacyView } from '../../catalog/compiled-source.ts';
import { type LegacyEnvironment, throwawayContext } from '../../expression/legacy/environment.ts';
import { plainNames } from '../../expression/legacy/plain-names.ts';
import { showReferred } from '../../expression/legacy/template/shown-value.ts';
import { memberOf } from '../../expression/output-path.ts';
import type { LegacyEvaluation } from '../evaluation.ts';
import { legacyModule } from './legacy-module.ts';
import { type LegacyAccess, legacyServices } from './legacy-services.ts';
import { storedText, storedTexts } from './stored-text.ts';

/** A step's data as the coreBOS dialect sees it: texts, references as ids, the record before the context. */
export function legacyView(evaluation: LegacyEvaluation, access: LegacyAccess): LegacyView {
  const environment = legacyEnvironment(evaluation, access);
  return { names: plainNames(environment), environment };
}

/** What a legacy expression sees of a step. */
export function legacyEnvironment(evaluation: LegacyEvaluation, access: LegacyAccess): LegacyEnvironment {
  const { evaluator, image, module, recordId, record, context } = evaluation;
  const texts = storedTexts(record, module?.fields ?? []);
  const fields = module === undefined ? undefined : legacyModule(module).fields;
  const services = legacyServices(access);
  const environment: LegacyEnvironment = {
    mode: recordId === undefined ? 'stub' : 'record',
    // No promise for what is there: most expressions then need none at all.
    field(name) {
      if (name === 'id' && recordId !== undefined) return recordId;
      const text = memberOf(texts, name);
      const type = fields?.get(name)?.type;
      if (typeof text !== 'string' || text === '' || (type !== 'reference' && type !== 'owner')) return text;
      // Reference and owner fields give the display name of what they point at, as in the original.
      return evaluator.host.displayName(text).then((displayed) => displayed ?? text);
    },
    async related({ field, module: wanted, target }) {
      const path = { reference: field, module: wanted, field: target };
      const shown = await showReferred(environment, path, 'stored');
      if (shown !== undefined || evaluator.reach !== undefined) return shown;
      // Without an install only the record at hand knows what its references lead to.
      const led = services.records.moduleOf(String(memberOf(texts, field) ?? ''))?.name ?? wanted;
      const value = image && led === wanted ? await evaluator.host.fieldThrough(image, [field, target]) : undefined;
      return value === undefined ? undefined : storedText(value);
    },
    record: texts,
    context: throwawayContext({ ...context }),
    recordId,
    module: module?.name,
    fieldType: (name) => fields?.get(name)?.type,
    user: access.user,
    services,
  };
  return environment;
}

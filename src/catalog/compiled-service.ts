import type { Expectation } from '../document/map.ts';
import type { ServiceDocument } from '../document/service.ts';
import type { Template } from '../expression/template.ts';
import type { JsonataExpression } from '../expression/jsonata.ts';
import type { CompiledParameter } from './compiled-parameter.ts';
import type { CompiledPlan } from './compiled-plan.ts';

/** An expectation with its texts compiled. */
export interface CompiledExpectation {
  readonly document: Expectation;
  readonly when: JsonataExpression | undefined;
  readonly code: Template | undefined;
  readonly message: Template | undefined;
}

export interface CompiledService {
  readonly name: string;
  readonly document: ServiceDocument;
  readonly url: Template;
  readonly headers: readonly CompiledParameter[];
  readonly expectations: readonly CompiledExpectation[];
  readonly plan: CompiledPlan | undefined;
}

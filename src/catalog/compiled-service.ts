import type { Expectation } from '../document/map.ts';
import type { ServiceDocument } from '../document/service.ts';
import type { Template } from '../expression/template.ts';
import type { JsonataExpression } from '../expression/jsonata.ts';
import type { CompiledDescription } from './compile-description.ts';
import type { CompiledParameter } from './compiled-parameter.ts';
import type { CompiledCredential } from './credential/compiled-credential.ts';
import type { CompiledPlan } from './compiled-plan.ts';
import type { CompiledNetwork } from './network/compiled-network.ts';

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
  /** Where the WSDL of its SOAP calls is, whole or behind its address. */
  readonly wsdl?: Template | undefined;
  /** The WSDL of its SOAP calls that lies beside it. */
  readonly description?: CompiledDescription | undefined;
  readonly headers: readonly CompiledParameter[];
  readonly expectations: readonly CompiledExpectation[];
  readonly plan: CompiledPlan | undefined;
  /** How its calls prove who makes them. */
  readonly credential: CompiledCredential | undefined;
  readonly network: CompiledNetwork | undefined;
}

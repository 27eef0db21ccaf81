import type { Output, WebserviceMap } from '../document/map.ts';
import type { JsonataExpression } from '../expression/jsonata.ts';
import type { PathReader } from '../expression/output-path.ts';
import type { Template } from '../expression/template.ts';
import type { TextFinder } from '../expression/text-finder.ts';
import type { CompiledAnswerFile } from './compile-answer-file.ts';
import type { CompiledDescription } from './compile-description.ts';
import type { CompiledParameter } from './compiled-parameter.ts';
import type { CompiledExpectation, CompiledService } from './compiled-service.ts';
import type { CompiledLook } from './compile-look.ts';
import type { CompiledPlan } from './compiled-plan.ts';
import type { CompiledPages, CompiledRecords } from './compiled-records.ts';
import type { CompiledSource } from './compiled-source.ts';
import type { CompiledNetwork } from './network/compiled-network.ts';

export type { BodyKind, CsvForm, PagesDefinition, ParameterPlace, ParameterStyle } from '../document/map.ts';
export type { RetryCause } from '../document/error-plan.ts';

export interface CompiledOutput {
  readonly document: Output;
  /** Native dialect, when the output has a path. */
  readonly path: PathReader | undefined;
  readonly jsonata: JsonataExpression | undefined;
  /** Finds the value in the text, or in what the path leads to. */
  readonly match?: TextFinder | undefined;
}

/** A map ready to run: every text compiled, every name resolved. */
export interface CompiledMap {
  readonly name: string;
  readonly document: WebserviceMap;
  readonly service: CompiledService | undefined;
  /** The whole URL of a coreBOS map, with `getSetting(x)` replaced; undefined for a native map. */
  readonly legacyUrl: CompiledSource | undefined;
  /** HTTP Basic authentication of a coreBOS map; `getSetting(x)` and `getContext(x)` inside are replaced. */
  readonly login: { readonly user: CompiledSource; readonly password: CompiledSource } | undefined;
  /** The literal origin of a native map without a service. */
  readonly url: Template | undefined;
  readonly path: Template | undefined;
  /** Of a native SOAP call: where its WSDL is, whole or behind the service's address; its own, else as its service says. */
  readonly wsdl?: Template | undefined;
  /** Of a native SOAP call whose WSDL lies beside the documents. */
  readonly description?: CompiledDescription | undefined;
  /** Of a native SOAP call. */
  readonly operation?: Template | undefined;
  readonly body: Template | undefined;
  readonly parameters: readonly CompiledParameter[];
  readonly expectations: readonly CompiledExpectation[];
  readonly outputs: readonly CompiledOutput[];
  /** Lists of the answer that become records. */
  readonly records: readonly CompiledRecords[];
  /** How the other pages of a list are asked for; undefined: one call is all. */
  readonly pages: CompiledPages | undefined;
  /** Where the body of a good answer goes when it is a file. */
  readonly file?: CompiledAnswerFile | undefined;
  /** The map's own error plan. */
  readonly plan: CompiledPlan | undefined;
  /** How to find out what became of a call without an answer. */
  readonly look: CompiledLook | undefined;
  /** How its calls travel, over what its service says. */
  readonly network: CompiledNetwork | undefined;
  /** Context keys its request is built from. */
  readonly contextKeys: readonly string[];
  /** Dotted paths through references that it reads: `account_id.accountname`. */
  readonly relatedPaths: readonly string[];
  readonly readsRecord: boolean;
  /** True when the request carries `{step.key}`, so that a careful remote recognises a repetition. */
  readonly carriesStepKey: boolean;
}

import type { CompileResult } from '../expression/compiled.ts';
import { compileJsonata, type JsonataExpression } from '../expression/jsonata.ts';
import { compileConditionText, type LegacyConditionList } from '../expression/legacy/condition/compile-conditions.ts';
import { compileLegacy, type LegacyExpression } from '../expression/legacy/legacy.ts';
import { compileLegacyTemplate, type LegacyTemplate } from '../expression/legacy/template/template.ts';
import { compileTemplate, type Template, type TemplateKind } from '../expression/template.ts';

/**
 * The expressions and templates of one catalog. The same texts recur in its documents: each is compiled once, and kept in
 * memory once, for all of them.
 */
export class CompiledTexts {
  readonly #jsonata = new Map<string, CompileResult<JsonataExpression>>();
  readonly #legacy = new Map<string, CompileResult<LegacyExpression>>();
  readonly #legacyConditions = new Map<string, CompileResult<LegacyConditionList>>();
  readonly #legacyTemplates = new Map<string, CompileResult<LegacyTemplate>>();
  readonly #templates = new Map<string, CompileResult<Template>>();

  jsonata(text: string): CompileResult<JsonataExpression> {
    return remember(this.#jsonata, text, () => compileJsonata(text));
  }

  legacy(text: string): CompileResult<LegacyExpression> {
    return remember(this.#legacy, text, () => compileLegacy(text));
  }

  legacyConditions(text: string): CompileResult<LegacyConditionList> {
    return remember(this.#legacyConditions, text, () => compileConditionText(text));
  }

  legacyTemplate(text: string): CompileResult<LegacyTemplate> {
    return remember(this.#legacyTemplates, text, () => compileLegacyTemplate(text));
  }

  template(text: string, kind: TemplateKind): CompileResult<Template> {
    return remember(this.#templates, `${kind} ${text}`, () => compileTemplate(text, { kind }));
  }
}

function remember<T>(known: Map<string, T>, key: string, compile: () => T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  const compiled = compile();
  known.set(key, compiled);
  return compiled;
}

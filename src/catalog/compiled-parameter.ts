import { MapwrightError } from '../core/error.ts';
import { fileIn } from '../core/file-store.ts';
import type { Json } from '../core/json.ts';
import type { Parameter } from '../document/map.ts';
import type { JsonataExpression } from '../expression/jsonata.ts';
import { type CompiledPart, encodeFile } from './compile-file.ts';
import type { CompiledSource, Scope } from './compiled-source.ts';
import { convertValue } from './convert-value.ts';
import { applyEmptyRule } from './empty-rule.ts';
import { encodeValue } from './encode-value.ts';

/** One parameter, compiled. Undefined means: leave it out. */
export interface CompiledParameter {
  readonly name: string;
  readonly document: Parameter;
  readonly source: CompiledSource;
  evaluate(scope: Scope): Promise<Json | undefined>;
  /** What a part of a multipart body, or the file, is called and of which type it is. */
  readonly part: CompiledPart;
}

/** Puts the steps of a parameter's value together: source, each, default, type, empty rule, encoding. */
export function compiledParameter(
  document: Parameter,
  source: CompiledSource,
  { each, part }: { readonly each: JsonataExpression | undefined; readonly part: CompiledPart },
): CompiledParameter {
  return {
    name: document.name,
    document,
    source,
    part,
    async evaluate(scope) {
      const value =
        each === undefined ? await single(document, source, scope) : await list(document, source, each, scope);
      const rule = document.whenEmpty ?? (document.required ? 'fail' : 'send');
      const settled = applyEmptyRule(value, rule, `parameter "${document.name}"`);
      const final =
        settled === undefined || document.encode === undefined ? settled : await encoded(document, settled, scope);
      const isSecret = readsSecret(each, scope) || isDerivedFromSecret(document, source, scope);
      if (isSecret && final !== undefined) taintTexts(final, scope);
      return final;
    },
  };
}

/** What stands for a file is its content. */
async function encoded({ source, encode = 'json' }: Parameter, value: Json, scope: Scope): Promise<Json> {
  const file = source.kind === 'file' ? fileIn(value) : undefined;
  if (file !== undefined) return encodeFile(file, encode, scope);
  return source.kind === 'file' && value === null ? null : encodeValue(value, encode);
}

/** Of a list, what is made of its items comes from where the list does. */
function readsSecret(each: JsonataExpression | undefined, scope: Scope): boolean {
  return each?.references.some((reference) => scope.isSensitive(reference)) === true;
}

function taintTexts(value: Json, scope: Scope): void {
  if (typeof value === 'string') scope.taint(value);
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values<Json>(value)) taintTexts(member, scope);
}

/** What nested parameters hold is tainted one by one: the text around it may be shown. */
function isDerivedFromSecret(document: Parameter, source: CompiledSource, scope: Scope): boolean {
  if (document.sensitive) return true;
  const isWhole = document.source.kind !== 'nested' || !['json', 'form', undefined].includes(document.encode);
  return isWhole && source.references.some((reference) => scope.isSensitive(reference));
}

async function single(document: Parameter, source: CompiledSource, scope: Scope): Promise<Json> {
  const value = await source.evaluate(scope);
  if (value !== undefined) return convertValue(value, document.type, document.name);
  if (document.defaultValue !== undefined) return convertValue(document.defaultValue, document.type, document.name);
  throw new MapwrightError(
    'PARAMETER_SOURCE_MISSING',
    `parameter "${document.name}" has no value: there is no ${source.describe}`,
    { hint: 'give the name that exists, or a default="..." for when it does not' },
  );
}

async function list(document: Parameter, source: CompiledSource, each: JsonataExpression, scope: Scope): Promise<Json> {
  const items = await each.evaluate(scope.values, scope.ambience);
  const rows = items === undefined || items === null ? [] : Array.isArray(items) ? items : [items];
  const values: Json[] = [];
  for (const item of rows) {
    const inner: Scope = { ...scope, values: { ...scope.values, item } };
    values.push(
      await single({ ...document, type: document.type === 'array' ? undefined : document.type }, source, inner),
    );
  }
  return values;
}

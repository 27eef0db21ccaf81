import type { SourceText } from '../core/diagnostic.ts';
import type { Json } from '../core/json.ts';
import type { Reference } from '../expression/compiled.ts';
import { toLegacyText } from '../expression/legacy/value.ts';
import { memberOf } from '../expression/output-path.ts';
import type { CompiledSource, Scope } from './compiled-source.ts';

const CALL = /get(Setting|Context|GlobalVariable)\(\s*(['"]?)([^)'"]*)\2\s*\)/gu;

/** A coreBOS text: `getSetting(x)`, `getContext(x)` and `getGlobalVariable(x)` anywhere inside are replaced. */
export function compileLegacyText(text: SourceText): CompiledSource {
  return compileReplaced(text, (scope) => replaceCalls(text.value, scope).text);
}

/** As `compileLegacyText`. Null for a header that comes to nothing, or whose context value is not there: it is not sent. */
export function compileLegacyHeader(text: SourceText): CompiledSource {
  return compileReplaced(text, (scope) => {
    const replaced = replaceCalls(text.value, scope);
    return replaced.text.trim() === '' || replaced.lacksContext ? null : replaced.text;
  });
}

function compileReplaced(text: SourceText, replace: (scope: Scope) => string | null): CompiledSource {
  const references: Reference[] = [...text.value.matchAll(CALL)].map((match) => ({
    root: match[1] === 'Context' ? 'context' : 'setting',
    path: [(match[3] ?? '').trim()],
    offset: match.index,
    length: match[0].length,
  }));
  return {
    describe:
      references.length === 0 ? 'literal' : references.map(({ root, path }) => `${root} ${path[0]}`).join(' + '),
    references,
    evaluate: async (scope) => replace(scope),
  };
}

function replaceCalls(text: string, scope: Scope): { readonly text: string; readonly lacksContext: boolean } {
  let lacksContext = false;
  const replaced = text.replaceAll(CALL, (_call, kind: string, _quote, name: string) => {
    const key = name.trim();
    if (kind !== 'Context') return toLegacyText(memberOf(scope.values.setting, key) ?? '');
    const value = toLegacyText(contextValue(scope, key) ?? '');
    lacksContext ||= value === '';
    return value;
  });
  return { text: replaced, lacksContext };
}

function contextValue(scope: Scope, key: string): Json | undefined {
  const direct = memberOf(scope.values.context, key);
  if (direct !== undefined) return direct;
  let value: Json | undefined = scope.values.context;
  for (const name of key.split('.')) value = value === undefined ? undefined : memberOf(value, name);
  return value;
}

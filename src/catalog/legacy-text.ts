import type { SourceText } from '../core/diagnostic.ts';
import type { Json } from '../core/json.ts';
import type { Reference } from '../expression/compiled.ts';
import { toLegacyText } from '../expression/legacy/value.ts';
import { memberOf } from '../expression/output-path.ts';
import type { CompiledSource, Scope } from './compiled-source.ts';

const CALL = /get(Setting|Context|GlobalVariable)\(\s*(['"]?)([^)'"]*)\2\s*\)/gu;

/**
 * A coreBOS header or URL: `getSetting(x)` and `getContext(x)` anywhere inside are replaced. Null when it was nothing
 * but one call that gave nothing: such a header is not sent.
 */
export function compileLegacyText(text: SourceText): CompiledSource {
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
    evaluate: async (scope) => replaceCalls(text.value, scope),
  };
}

function replaceCalls(text: string, scope: Scope): string | null {
  const replaced = text.replaceAll(CALL, (_call, kind: string, _quote, name: string) => {
    const key = name.trim();
    return toLegacyText((kind === 'Context' ? contextValue(scope, key) : memberOf(scope.values.setting, key)) ?? '');
  });
  return replaced.trim() === '' ? null : replaced;
}

function contextValue(scope: Scope, key: string): Json | undefined {
  const direct = memberOf(scope.values.context, key);
  if (direct !== undefined) return direct;
  let value: Json | undefined = scope.values.context;
  for (const name of key.split('.')) value = value === undefined ? undefined : memberOf(value, name);
  return value;
}

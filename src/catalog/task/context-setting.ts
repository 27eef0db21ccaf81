import type { ParameterType } from '../../document/map.ts';
import type { ContextSetting } from '../../document/task.ts';
import { compileSource } from '../compile-source.ts';
import type { CompiledSource } from '../compiled-source.ts';
import type { TaskPlace } from './task-place.ts';

/** One context value, compiled. */
export interface CompiledContextSetting {
  readonly key: string;
  readonly source: CompiledSource;
  readonly type: ParameterType | undefined;
  readonly sensitive: boolean;
}

/** Compiles values for a context; those with problems are left out. */
export function compileContextSettings(
  place: TaskPlace,
  settings: readonly ContextSetting[],
): CompiledContextSetting[] {
  return settings.flatMap(({ key, source, type, sensitive }) => {
    const compiled = compileSource(place.context, place, source);
    return compiled === undefined ? [] : [{ key: key.value, source: compiled, type, sensitive }];
  });
}

import type { SetFieldsTask } from '../../document/task.ts';
import { type CompiledFieldSetting, compileFieldSettings } from './field-setting.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

export interface CompiledSetTask extends CompiledTaskHead {
  readonly kind: 'set-fields';
  readonly sets: readonly CompiledFieldSetting[];
}

export function compileSetFields(place: TaskPlace, task: SetFieldsTask): CompiledSetTask {
  const sets = compileFieldSettings(place, place.module, task.sets);
  return { ...compileTaskHead(place, task), kind: 'set-fields', sets };
}

import type { CreateRecordTask } from '../../document/task.ts';
import { resolve } from '../compile-context.ts';
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import { checkMandatory, type CompiledFieldSetting, compileFieldSettings } from './field-setting.ts';
import { compileTaskMapping } from './task-mapping.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

export interface CompiledCreateTask extends CompiledTaskHead {
  readonly kind: 'create-record';
  readonly module: string;
  readonly context: string | undefined;
  readonly fires: boolean;
  /** Fills the fields before `sets` do. */
  readonly mapping: CompiledMapping | undefined;
  readonly sets: readonly CompiledFieldSetting[];
}

export function compileCreateRecord(place: TaskPlace, task: CreateRecordTask): CompiledCreateTask {
  const { context, file } = place;
  const { module: name, sets } = task;
  const module = resolve(context, { file, name, among: context.modules, code: 'MODULE_UNKNOWN', what: 'module' });
  const mapping = compileTaskMapping(place, { mapping: task.mapping, module, ofRows: false });
  checkMandatory(place, { module, sets, mapped: mapping?.targets, at: name.range, severity: 'error' });
  return {
    ...compileTaskHead(place, task),
    kind: 'create-record',
    module: name.value,
    context: task.context?.value,
    fires: task.fires,
    mapping,
    sets: compileFieldSettings(place, module, sets),
  };
}

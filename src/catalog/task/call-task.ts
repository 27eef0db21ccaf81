import type { WebserviceTask } from '../../document/task.ts';
import { report, resolve } from '../compile-context.ts';
import type { JsonataExpression } from '../../expression/jsonata.ts';
import type { CompiledMap } from '../compiled-map.ts';
import { type CompiledPlan, joinPlans } from '../compiled-plan.ts';
import type { CompiledService } from '../compiled-service.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

/** A webservice task with its map and service resolved. */
export interface CompiledCallTask extends CompiledTaskHead {
  readonly kind: 'webservice';
  readonly document: WebserviceTask;
  readonly map: CompiledMap;
  readonly service: CompiledService | undefined;
  /** The call that finds out what became of this one, when nobody knows. */
  readonly look: LookCall | undefined;
}

/** A call that looks at the other side and changes nothing there. */
export interface LookCall {
  readonly map: CompiledMap;
  readonly service: CompiledService | undefined;
  readonly plan: CompiledPlan | undefined;
  readonly found: JsonataExpression | undefined;
}

/** Undefined after problems of its map were reported. */
export function compileCall(place: TaskPlace, task: WebserviceTask): CompiledCallTask | undefined {
  const { context, file, names } = place;
  const head = compileTaskHead(place, task);
  const among = names.knownMaps;
  const known = resolve(context, { file, name: task.map, among, code: 'MAP_UNKNOWN', what: 'map' });
  const named =
    task.service &&
    resolve(context, { file, name: task.service, among: names.services, code: 'SERVICE_UNKNOWN', what: 'service' });
  const map = names.maps.get(task.map.value);
  if (known === undefined || map === undefined) return undefined;
  checkRenew(place, task, map);
  checkModule(place, task, map);
  const service = named ?? map.service;
  const plan = joinPlans([head.plan, map.plan, service?.plan]);
  return {
    ...head,
    kind: 'webservice',
    document: task,
    plan,
    map,
    service,
    look: lookCall(place, { map, named, plan }),
  };
}

/** The other map may have errors of its own: then there is no workflow that runs. */
function lookCall(
  { names }: TaskPlace,
  call: Pick<CompiledCallTask, 'map' | 'plan'> & { readonly named: CompiledService | undefined },
): LookCall | undefined {
  const { look } = call.map;
  const map = look && names.maps.get(look.map);
  if (look === undefined || map === undefined) return undefined;
  const service = map.service ?? call.named;
  return { map, service, plan: joinPlans([map.plan, service?.plan, call.plan]), found: look.found };
}

function checkRenew({ context, file }: TaskPlace, task: WebserviceTask, map: CompiledMap): void {
  const writesField = map.outputs.find((output) => output.document.field !== undefined)?.document.field?.value;
  const writesRecords = map.records[0]?.document.module.value;
  if (!(task.renew || task.always) || (writesField === undefined && writesRecords === undefined)) return;
  const written = writesField === undefined ? `records of ${writesRecords}` : `the field "${writesField}"`;
  const kind = task.renew ? 'renew' : 'always';
  report(context, {
    code: task.renew ? 'TASK_RENEW_WRITES' : 'TASK_ALWAYS_WRITES',
    message: `task "${task.id}" is ${kind}="true", and its map "${map.name}" writes ${written}`,
    hint: `a task that ${task.renew ? 'is run again' : 'always runs'} may only write the context: remove ${kind}="true", or what it writes`,
    file,
    range: task.map.range,
  });
}

function checkModule({ context, file, module }: TaskPlace, task: WebserviceTask, map: CompiledMap): void {
  const wanted = map.document.module?.value;
  if (wanted === undefined || module === undefined || wanted === module.name) return;
  report(context, {
    code: 'MAP_MODULE_DIFFERS',
    message: `map "${map.name}" is for ${wanted}, the workflow for ${module.name}`,
    severity: map.document.dialect === 'native' ? 'error' : 'warning',
    file,
    range: task.map.range,
  });
}

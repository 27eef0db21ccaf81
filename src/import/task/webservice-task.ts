import { element } from '../../xml/write.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import type { Note } from '../workflow/report.ts';
import { sessionRole } from '../workflow/session-role.ts';
import { leaveOut } from './left-out.ts';
import { propertyText } from './property.ts';
import type { Converted, TaskContext } from './task-context.ts';
import { startOf } from './task-head.ts';

/** Run Web Service: a call by its map. A map that opens or closes a session says so in the task. */
export function convertWebservice(task: ExportedTask, context: TaskContext): Converted {
  const { known } = context;
  const id = propertyText(task, 'bmapid');
  const map = known.nameOf(['map'], id, propertyText(task, 'bmapid_display'));
  if (map === undefined && id === '') return leaveOut(task, 'it names no map');
  const start = startOf(task, context, 'call');
  const name = map ?? `map-${id}`;
  const { attributes, notes } = roleOf(name, context);
  const told: readonly Note[] =
    map === undefined
      ? [
          {
            outcome: 'dropped',
            text: `the map ${id} has no name here: say it with --maps, or write it instead of ${name}`,
          },
        ]
      : notes;
  return {
    nodes: [element('webservice', { ...start.attributes, map: name, ...attributes }, start.guards)],
    ids: [start.id],
    notes: [...start.notes, ...told],
  };
}

function roleOf(
  name: string,
  { known }: TaskContext,
): { readonly attributes: { readonly renew?: 'true'; readonly always?: 'true' }; readonly notes: readonly Note[] } {
  const map = known.map(name);
  if (map === undefined) {
    const text = `the map ${name} is not at hand: bring it over and import again, or see whether the task needs renew="true" (a login) or always="true" (a logout)`;
    return { attributes: {}, notes: [{ outcome: 'changed', text }] };
  }
  switch (sessionRole(map)) {
    case 'opens': {
      const text = 'renew="true": it only fetches context values, and is done again before a later task is retried';
      return { attributes: { renew: 'true' }, notes: [{ outcome: 'changed', text }] };
    }
    case 'closes': {
      const text = 'always="true": it logs out, and is done whatever becomes of the run';
      return { attributes: { always: 'true' }, notes: [{ outcome: 'changed', text }] };
    }
    case undefined:
      return { attributes: {}, notes: [] };
  }
}

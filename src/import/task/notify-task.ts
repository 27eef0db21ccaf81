import { USERS_PREFIX } from '../../core/module.ts';
import { element } from '../../xml/write.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import { propertyText } from './property.ts';
import type { Converted, TaskContext } from './task-context.ts';
import { startOf } from './task-head.ts';

/** Add Notification: a reminder about the record. Here it is told at once, with the task's own name as the text. */
export function convertNotification(task: ExportedTask, context: TaskContext): Converted {
  const start = startOf(task, context, 'notify');
  const owner = propertyText(task, 'ownerid');
  const isRunning = owner === '' || propertyText(task, 'cbmodule') === 'wfuser';
  const to = isRunning ? 'initiator' : `user:${/^\d+$/u.test(owner) ? `${USERS_PREFIX}x${owner}` : owner}`;
  const name = (task.summary || 'Notification').replaceAll('{', '{{');
  const moment = [propertyText(task, 'cbdate'), propertyText(task, 'cbtime')].filter((one) => one !== '').join(' ');
  const text = [
    'the text is the name of the task and the record: write a better one',
    ...(moment === '' ? [] : [`it was to pop up at ${moment}; here it is told at once`]),
    ...(propertyText(task, 'moreaction') === '' ? [] : ['what a click on it did is not kept']),
  ].join('; ');
  return {
    nodes: [
      element(
        'notify',
        { ...start.attributes, to: to.replaceAll(' ', '_'), template: `${name}: {= record.id }` },
        start.guards,
      ),
    ],
    ids: [start.id],
    notes: [...start.notes, { outcome: 'changed', text }],
  };
}

import { FILLED } from '../../attribute-kind.ts';
import { shape, type Place } from '../../place.ts';
import type { NotifyTask } from '../../task.ts';
import { NOTICE_WAYS, RECIPIENTS, readNoticeText } from '../notice.ts';
import type { TaskIndex } from '../task-index.ts';
import { readTaskHead, TASK_ATTRIBUTES, TASK_CHILDREN } from './task-head.ts';

const NOTIFY = shape({
  attributes: {
    ...TASK_ATTRIBUTES,
    to: RECIPIENTS,
    template: FILLED,
    'legacy-template': FILLED,
    by: NOTICE_WAYS,
    map: FILLED,
  },
  required: ['id', 'to'],
  children: TASK_CHILDREN,
  text: true,
});

/** A `<notify>` task; undefined when it lacks an id, recipients or a text. Tells NOTIFY_TEXT_MISSING. */
export function readNotify(place: Place, index: TaskIndex): NotifyTask | undefined {
  const open = place.open(NOTIFY);
  const head = readTaskHead(open, index);
  const { to, by, map } = open.attributes;
  const { template: native, 'legacy-template': legacy } = open.attributes;
  const template = readNoticeText(place, native ?? legacy);
  if (open.has('template') && open.has('legacy-template')) {
    place.error('NOTIFY_TEMPLATE_TWICE', 'the message stands in two attributes', 'keep one of them');
  }
  if (template === undefined && !open.has('template') && !open.has('legacy-template')) {
    place.error('NOTIFY_TEXT_MISSING', '<notify> says nothing', 'add template="..." or a text');
  }
  if (head === undefined || to === undefined || template === undefined) return undefined;
  const kind = native === undefined && legacy !== undefined ? 'legacy-template' : 'template';
  return { ...head, kind: 'notify', to, text: { kind, text: template }, by, map };
}

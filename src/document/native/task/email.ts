import { BOOLEAN, choice } from '../../attribute-kind.ts';
import type { ParameterSource } from '../../map.ts';
import { shape, type Place } from '../../place.ts';
import type { EmailTask } from '../../task.ts';
import { GUARD_CHILDREN } from '../guard.ts';
import { withoutMarkupBlanks } from '../markup-blanks.ts';
import { readSource, SOURCE_ATTRIBUTES } from '../source.ts';
import type { TaskIndex } from '../task-index.ts';
import { readTaskHead, TASK_ATTRIBUTES } from './task-head.ts';

const EMAIL = shape({
  attributes: { ...TASK_ATTRIBUTES, 'in-doubt': choice('resend', 'ask') },
  required: ['id'],
  children: {
    ...GUARD_CHILDREN,
    from: 'optional',
    'reply-to': 'optional',
    to: 'some',
    cc: 'many',
    bcc: 'many',
    subject: 'once',
    body: 'once',
    'on-error': 'optional',
  },
  ordered: true,
});

const PART = shape({ attributes: SOURCE_ATTRIBUTES, children: { jsonata: 'optional' }, text: true });
const BODY = shape({
  attributes: { ...SOURCE_ATTRIBUTES, html: BOOLEAN },
  children: { jsonata: 'optional' },
  text: true,
});

/** An `<email>` task; undefined when it lacks an id, somebody to send to, a subject or a body. */
export function readEmail(place: Place, index: TaskIndex): EmailTask | undefined {
  const open = place.open(EMAIL);
  const head = readTaskHead(open, index);
  const parts = (name: string): ParameterSource[] => open.all(name).flatMap((one) => readPart(one) ?? []);
  const one = (name: string): ParameterSource | undefined => parts(name)[0];
  const addresses = {
    from: one('from'),
    replyTo: one('reply-to'),
    to: parts('to'),
    cc: parts('cc'),
    bcc: parts('bcc'),
  };
  const subject = one('subject');
  const bodyPlace = open.child('body');
  const body = bodyPlace === undefined ? undefined : readBody(bodyPlace);
  if (head === undefined || subject === undefined || body === undefined || addresses.to.length === 0) return undefined;
  return { ...head, kind: 'email', ...addresses, subject, body, inDoubt: open.attributes['in-doubt'] ?? 'ask' };
}

function readPart(place: Place): ParameterSource | undefined {
  return readSource(place.open(PART), {});
}

function readBody(place: Place): EmailTask['body'] | undefined {
  const open = place.open(BODY);
  const source = readSource(open, {});
  if (source === undefined) return undefined;
  const isText = source.kind === 'template' && !open.has('template');
  return {
    source: isText ? { kind: 'template', text: withoutMarkupBlanks(source.text) } : source,
    isHtml: open.attributes.html ?? false,
  };
}

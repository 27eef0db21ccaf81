import { BOOLEAN, choice } from '../../attribute-kind.ts';
import type { ParameterSource } from '../../map.ts';
import { shape, type Place } from '../../place.ts';
import type { Addressee, Attachment, EmailTask } from '../../task.ts';
import { GUARD_CHILDREN } from '../guard.ts';
import { withoutMarkupBlanks } from '../markup-blanks.ts';
import { RECIPIENTS } from '../notice.ts';
import { hasSource, readSource, SOURCE_ATTRIBUTES } from '../source.ts';
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
    attachment: 'many',
    'on-error': 'optional',
  },
  ordered: true,
});

const PART = shape({ attributes: SOURCE_ATTRIBUTES, children: { jsonata: 'optional' }, text: true });
const ADDRESSEE = shape({
  attributes: { ...SOURCE_ATTRIBUTES, people: RECIPIENTS },
  children: { jsonata: 'optional' },
  text: true,
});
const ATTACHMENT = shape({
  attributes: { ...SOURCE_ATTRIBUTES, encoding: choice('text', 'base64') },
  required: ['filename'],
  children: { jsonata: 'optional' },
  text: true,
});
const BODY = shape({
  attributes: { ...SOURCE_ATTRIBUTES, html: BOOLEAN },
  children: { jsonata: 'optional' },
  text: true,
});

/** An `<email>` task; undefined when it lacks an id, somebody to send to, a subject or a body. */
export function readEmail(place: Place, index: TaskIndex): EmailTask | undefined {
  const open = place.open(EMAIL);
  const head = readTaskHead(open, index);
  const parts = (name: string): Addressee[] => open.all(name).flatMap((one) => readAddressee(one) ?? []);
  const one = (name: string): Addressee | undefined => parts(name)[0];
  const addresses = {
    from: one('from'),
    replyTo: one('reply-to'),
    to: parts('to'),
    cc: parts('cc'),
    bcc: parts('bcc'),
  };
  const subject = open.all('subject').flatMap((part) => readPart(part) ?? [])[0];
  const bodyPlace = open.child('body');
  const body = bodyPlace === undefined ? undefined : readBody(bodyPlace);
  const attachments = open.all('attachment').flatMap((part) => readAttachment(part) ?? []);
  if (head === undefined || subject === undefined || body === undefined || addresses.to.length === 0) return undefined;
  const inDoubt = open.attributes['in-doubt'] ?? 'ask';
  return { ...head, kind: 'email', ...addresses, subject, body, attachments, inDoubt };
}

function readPart(place: Place): ParameterSource | undefined {
  return readSource(place.open(PART), {});
}

function readAddressee(place: Place): Addressee | undefined {
  const open = place.open(ADDRESSEE);
  const { people } = open.attributes;
  if (open.has('people') && !hasSource(open)) return people && { people: people.map(({ value }) => value) };
  const also = {
    name: 'people',
    isWritten: open.has('people'),
    isMisspelt: open.isMisspelt('people'),
    source: undefined,
  };
  const source = readSource(open, { also });
  return source && { source };
}

function readAttachment(place: Place): Attachment | undefined {
  const open = place.open(ATTACHMENT);
  const source = readSource(open, { isFile: true });
  const { filename, encoding, 'content-type': type } = open.attributes;
  if (source === undefined || filename === undefined) return undefined;
  const isText = source.kind === 'template' && !open.has('template');
  return {
    source: isText ? { kind: 'template', text: withoutMarkupBlanks(source.text) } : source,
    filename,
    contentType: type?.value,
    isBase64: encoding === 'base64',
  };
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

import { compileLegacyTemplate } from '../../expression/legacy/template/template.ts';
import { element, type WrittenNode } from '../../xml/write.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import type { Note } from '../workflow/report.ts';
import { leaveOut } from './left-out.ts';
import { propertyText } from './property.ts';
import type { Converted, TaskContext } from './task-context.ts';
import { startOf } from './task-head.ts';

/** What an e-mail task has and a message here has not. */
const LOST: Readonly<Record<string, string>> = {
  attachmentids:
    'its documents are not attached: a file is made of a value here, <attachment filename="..." context="...">',
  attfieldnames: 'the file in its field is not attached: a file is made of a value here, <attachment filename="...">',
  attach_icalendar: 'the calendar entry is not attached',
};

/** Send Email: a message whose parts are templates of coreBOS, as they stand. */
export function convertEmail(task: ExportedTask, context: TaskContext): Converted {
  const to = propertyText(task, 'recepient');
  const subject = propertyText(task, 'subject');
  const content = propertyText(task, 'content');
  if (to === '') return leaveOut(task, 'it says not to whom, and coreBOS sent nothing unless the context did');
  if (usesTemplate(task)) {
    const name = propertyText(task, 'cbmsgtemplate_display') || propertyText(task, 'cbmsgtemplate') || 'of SendGrid';
    return leaveOut(task, `its text is the message template ${name}: write an <email> with that text`);
  }
  const parts: readonly (readonly [name: string, text: string])[] = [
    ['from', senderOf(task)],
    ['reply-to', propertyText(task, 'replyto')],
    ['to', to],
    ['cc', propertyText(task, 'emailcc')],
    ['bcc', propertyText(task, 'emailbcc')],
    ['subject', subject],
    ['body', content],
  ];
  for (const [name, text] of parts) {
    const compiled = compileLegacyTemplate(text);
    if (!compiled.ok) return leaveOut(task, `its ${name} cannot be read: ${compiled.problem.message}`);
  }
  const start = startOf(task, context, 'email');
  const nodes = parts.flatMap(([name, text]): WrittenNode[] => {
    if (text === '' && name !== 'subject' && name !== 'body') return [];
    return [element(name, { html: name === 'body' ? 'true' : undefined, 'legacy-template': text })];
  });
  return {
    nodes: [element('email', start.attributes, [...start.guards, ...nodes])],
    ids: [start.id],
    notes: [...start.notes, ...notesOf(task)],
  };
}

function usesTemplate(task: ExportedTask): boolean {
  const isLinked = !['', '0', 'false'].includes(propertyText(task, 'linktemplate'));
  return isLinked && (propertyText(task, 'cbmsgtemplate') !== '' || propertyText(task, 'sgmsgtemplate') !== '');
}

/** A name without an address is no sender: the install's own is. */
function senderOf(task: ExportedTask): string {
  const address = propertyText(task, 'fromemail');
  const name = propertyText(task, 'fromname').replaceAll('"', "'");
  return address === '' || name === '' ? address : `"${name}" <${address}>`;
}

function notesOf(task: ExportedTask): Note[] {
  const lost = Object.entries(LOST).flatMap(([name, text]): Note[] =>
    ['', '0', 'off'].includes(propertyText(task, name)) ? [] : [{ outcome: 'dropped', text }],
  );
  const queued = 'it is sent in its turn, where coreBOS put it into a queue';
  const optedOut =
    'coreBOS leaves out addresses of records that opted out of e-mail; here add a condition if there are such';
  const context = 'context values such as SendEmailTo do not change it';
  return [...lost, { outcome: 'changed', text: `${queued}; ${optedOut}; ${context}` }];
}

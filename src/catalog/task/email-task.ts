import type { SourceText } from '../../core/diagnostic.ts';
import { SMTP_SETTING } from '../../core/local-setting.ts';
import type { ParameterSource } from '../../document/map.ts';
import type { Addressee, Attachment, EmailTask } from '../../document/task.ts';
import { escapeXmlText } from '../../expression/escape.ts';
import { checkReferences } from '../check-names.ts';
import { accept } from '../compile-context.ts';
import { compileSource } from '../compile-source.ts';
import type { CompiledSource } from '../compiled-source.ts';
import { type CompiledTaskHead, compileTaskHead, type TaskPlace } from './task-place.ts';

/** Whose address it is: what a value gives, or people of the install. */
export type CompiledAddressee = { readonly source: CompiledSource } | { readonly people: readonly string[] };

/** A file made of a value. */
export interface CompiledAttachment extends Pick<Attachment, 'contentType' | 'isBase64'> {
  readonly source: CompiledSource;
  readonly filename: CompiledSource;
}

/** A message to be sent, its parts compiled. */
export interface CompiledEmailTask extends CompiledTaskHead {
  readonly kind: 'email';
  readonly from: CompiledAddressee | undefined;
  readonly replyTo: CompiledAddressee | undefined;
  readonly to: readonly CompiledAddressee[];
  readonly cc: readonly CompiledAddressee[];
  readonly bcc: readonly CompiledAddressee[];
  readonly subject: CompiledSource;
  readonly body: CompiledSource;
  readonly isHtml: boolean;
  readonly attachments: readonly CompiledAttachment[];
  readonly inDoubt: 'resend' | 'ask';
}

/** Undefined after a problem of one of its parts was reported. Warns when the install has no mail server. */
export function compileEmail(place: TaskPlace, task: EmailTask): CompiledEmailTask | undefined {
  const before = place.context.problems.errorCount;
  const one = (source: ParameterSource | undefined): CompiledSource | undefined =>
    source && compileSource(place.context, place, source);
  const address = (given: Addressee | undefined): CompiledAddressee | undefined => {
    if (given === undefined || 'people' in given) return given;
    const source = one(given.source);
    return source && { source };
  };
  const all = (given: readonly Addressee[]): CompiledAddressee[] => given.flatMap((each) => address(each) ?? []);
  const head = compileTaskHead(place, task);
  const addresses = {
    from: address(task.from),
    replyTo: address(task.replyTo),
    to: all(task.to),
    cc: all(task.cc),
    bcc: all(task.bcc),
  };
  const subject = one(task.subject);
  const body = compileBody(place, task.body);
  const attachments = task.attachments.flatMap(({ source, filename, contentType, isBase64 }): CompiledAttachment[] => {
    const file = one(source);
    const name = one({ kind: 'template', text: filename });
    return file === undefined || name === undefined ? [] : [{ source: file, filename: name, contentType, isBase64 }];
  });
  warnOfSettings(place, task);
  if (subject === undefined || body === undefined || place.context.problems.errorCount > before) return undefined;
  const { inDoubt } = task;
  return { ...head, kind: 'email', ...addresses, subject, body, isHtml: task.body.isHtml, attachments, inDoubt };
}

/** In HTML, what a template puts in is text there too. */
function compileBody(place: TaskPlace, { source, isHtml }: EmailTask['body']): CompiledSource | undefined {
  const compiled = compileSource(place.context, place, source);
  if (compiled === undefined || !isHtml || source.kind !== 'template') return compiled;
  const template = accept(
    place.context,
    place.file,
    source.text,
    place.context.texts.template(source.text.value, 'text'),
  );
  return template && { ...compiled, evaluate: (scope) => template.evaluate(scope, escapeXmlText) };
}

function warnOfSettings({ context, file, module }: TaskPlace, task: EmailTask): void {
  const { start, end } = task.range;
  const text: SourceText = { value: '', range: { start, end }, positionAt: () => start };
  const names = task.from === undefined ? [SMTP_SETTING, 'smtp_from'] : [SMTP_SETTING];
  const references = names.map((name) => ({ root: 'setting', path: [name], offset: 0, length: 0 }));
  checkReferences(context, { file, text, references, module, missingFieldIs: 'warning' });
}

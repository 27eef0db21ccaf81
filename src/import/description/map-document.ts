import { NATIVE_NAMESPACE } from '../../document/place.ts';
import { element, type WrittenNode, writeXml } from '../../xml/write.ts';
import type { DescribedCall, DescribedOutput } from './described-api.ts';
import { parameterElement } from './parameter-element.ts';

/** The `<map>` of a call. What the answer holds is offered in comments: which of it is wanted nobody knows but its reader. */
export function mapDocument(call: DescribedCall): string {
  const headers = call.parameters.filter((parameter) => parameter.in === 'header');
  const others = call.parameters.filter((parameter) => parameter.in !== 'header');
  return writeXml(
    element('map', { xmlns: NATIVE_NAMESPACE, name: call.name, label: call.label, service: call.service }, [
      ...descriptionElement(call.description),
      element('call', {
        method: call.method,
        path: call.path,
        body: call.body,
        'content-type': call.contentType,
        ...call.call,
      }),
      ...headers.map((parameter) => parameterElement(parameter, 'header')),
      ...(others.length === 0
        ? []
        : [
            element(
              'parameters',
              {},
              others.map((one) => parameterElement(one)),
            ),
          ]),
      ...(call.bodyText === undefined ? [] : [element('body', {}, { text: `\n${call.bodyText}`, as: 'cdata' })]),
      ...responseElement(call),
    ]),
  );
}

export function descriptionElement(description: string | undefined): WrittenNode[] {
  const text = description?.trim() ?? '';
  return text === '' ? [] : [element('description', {}, { text, as: 'text' })];
}

function responseElement({ format, statuses = [], outputs = [] }: DescribedCall): WrittenNode[] {
  const inner: WrittenNode[] = [
    ...(statuses.length === 0 ? [] : [element('expect', { status: statuses.join(' ') })]),
    ...(outputs.length === 0 ? [] : [{ comment: offer(outputs) }]),
  ];
  if (inner.length === 0 && (format === undefined || format === 'json')) return [];
  return [element('response', { format: format === 'json' ? undefined : format }, inner)];
}

function offer(outputs: readonly DescribedOutput[]): string {
  const lines = outputs.map(({ path, context, type, optional, description }) => {
    const written = writeXml(
      element('output', { path, context, type, optional: optional ? 'true' : undefined }),
    ).trimEnd();
    return description === undefined ? written : `${written}   ${description}`;
  });
  return [
    '',
    'The answer holds these. Take out of the comment what is wanted; field="..." writes it to the record.',
    ...lines,
    '',
  ]
    .join('\n')
    .trim();
}

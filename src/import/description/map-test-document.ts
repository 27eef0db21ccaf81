import { NATIVE_NAMESPACE } from '../../document/place.ts';
import { element, type WrittenNode, writeXml } from '../../xml/write.ts';
import type { CallExample, DescribedCall, WantedValue } from './described-api.ts';

/** The `<map-test>` of a call: that it is sent for the example's values, and what it answers. */
export function mapTestDocument(call: DescribedCall, example: CallExample, wanted: readonly WantedValue[]): string {
  const { status, contentType, body } = example.answer;
  return writeXml(
    element('map-test', { xmlns: NATIVE_NAMESPACE, map: call.name }, [
      ...wanted.map(({ kind, name, proposed }) =>
        element(kind, { name, value: kind === 'secret' ? 'made-up' : (proposed ?? 'https://example.com') }),
      ),
      element('case', { name: 'example' }, [
        ...contextElement(example.context),
        element(
          'answer',
          { status: String(status), 'content-type': contentType },
          body === '' ? [] : { text: body, as: 'cdata' },
        ),
        element('sent', { method: call.method ?? 'POST' }),
      ]),
    ]),
  );
}

function contextElement(context: CallExample['context']): WrittenNode[] {
  if (context.size === 0) return [];
  return [
    element(
      'context',
      {},
      [...context].map(([name, value]) =>
        typeof value === 'string'
          ? element('value', { name }, { text: value, as: 'text' })
          : element('value', { name, type: 'json' }, { text: JSON.stringify(value), as: 'cdata' }),
      ),
    ),
  ];
}

import { element, type WrittenElement } from '../../xml/write.ts';
import type { DescribedParameter, DescribedSource } from './described-api.ts';

/** `<parameter>`, or `<header>` when told so. */
export function parameterElement(
  parameter: DescribedParameter,
  name: 'parameter' | 'header' = 'parameter',
): WrittenElement {
  const { source } = parameter;
  return element(
    name,
    {
      name: parameter.name,
      in: name === 'header' ? undefined : parameter.in,
      ...sourceAttributes(source),
      type: parameter.type,
      encode: parameter.encode,
      style: parameter.style,
      required: parameter.required === true ? 'true' : undefined,
      default: parameter.defaultValue,
      'when-empty': parameter.whenEmpty,
      description: parameter.description,
    },
    // A nested parameter goes where the outer one goes.
    'nested' in source ? source.nested.map((inner) => parameterElement({ ...inner, in: undefined })) : [],
  );
}

function sourceAttributes(source: DescribedSource): Record<string, string | undefined> {
  if ('nested' in source) return {};
  if ('file' in source) return { file: source.file, filename: source.filename, 'content-type': source.contentType };
  return source;
}

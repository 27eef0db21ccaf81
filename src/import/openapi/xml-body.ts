import { isJsonObject, type Json } from '../../core/json.ts';
import type { CallDraft } from './call-draft.ts';
import { sampleOf } from './sample.ts';
import { type Shape, shapeOf, textOf } from './shape.ts';

const DEEPEST = 4;
const INDENT = '  ';

/** A body of XML as a template: an element for each member that is described, attributes where it says so. */
export function xmlBody(draft: CallDraft, schema: Json | undefined): string {
  const shape = shapeOf(draft.references, schema);
  const name = nameIn(shape) ?? lastName(schema) ?? 'request';
  return elementText(draft, { name, shape, key: '', indent: '', depth: 0 }).join('\n');
}

interface Place {
  readonly name: string;
  readonly shape: Shape;
  /** Context key of what is above it, with a line behind it. */
  readonly key: string;
  readonly indent: string;
  readonly depth: number;
}

function elementText(draft: CallDraft, place: Place): string[] {
  const { shape, key, indent, depth } = place;
  const attributes: string[] = [namespaceOf(shape)];
  const inner: string[] = [];
  for (const [member, schema] of shape.properties) {
    const own = shapeOf(draft.references, schema);
    if (own.isReadOnly) continue;
    const xml = isJsonObject(own.schema['xml']) ? own.schema['xml'] : {};
    const name = nameIn(own) ?? member;
    if (own.type === 'array') draft.note(`body: the list <${name}> is left out of the XML; write it into <body>`);
    else if (own.type === 'object') {
      if (depth < DEEPEST)
        inner.push(
          ...elementText(draft, {
            name,
            shape: own,
            key: `${key}${member}_`,
            indent: indent + INDENT,
            depth: depth + 1,
          }),
        );
    } else {
      const holder = take(draft, {
        name: `${key}${member}`,
        shape: own,
        schema,
        isRequired: shape.required.has(member),
      });
      if (xml['attribute'] === true) attributes.push(` ${name}="{${holder}}"`);
      else inner.push(`${indent}${INDENT}<${name}>{${holder}}</${name}>`);
    }
  }
  const start = `${indent}<${place.name}${attributes.join('')}`;
  return inner.length === 0 ? [`${start}/>`] : [`${start}>`, ...inner, `${indent}</${place.name}>`];
}

function take(
  draft: CallDraft,
  from: { readonly name: string; readonly shape: Shape; readonly schema: Json; readonly isRequired: boolean },
): string {
  const key = draft.key(from.name, 'body');
  const sample = sampleOf(draft.references, from.schema, 'request');
  if (sample !== undefined) draft.context.set(key, sample);
  draft.parameters.push({
    name: key,
    in: 'body',
    source: { context: key },
    required: from.isRequired,
    ...(from.isRequired ? {} : { defaultValue: '' }),
  });
  return key;
}

function nameIn({ schema: { xml } }: Shape): string | undefined {
  if (!isJsonObject(xml)) return undefined;
  const [prefix, name] = [textOf(xml['prefix']), textOf(xml['name'])];
  return name === undefined ? undefined : `${prefix === undefined ? '' : `${prefix}:`}${name}`;
}

function namespaceOf({ schema: { xml } }: Shape): string {
  const namespace = isJsonObject(xml) ? textOf(xml['namespace']) : undefined;
  if (namespace === undefined || !isJsonObject(xml)) return '';
  const prefix = textOf(xml['prefix']);
  return ` xmlns${prefix === undefined ? '' : `:${prefix}`}="${namespace.replaceAll('"', '&quot;').replaceAll('{', '{{')}"`;
}

/** The name of a schema that is referred to, which is its element's where nothing else is said. */
function lastName(schema: Json | undefined): string | undefined {
  return isJsonObject(schema) && typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined;
}

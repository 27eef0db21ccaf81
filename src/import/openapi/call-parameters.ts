import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { DescribedParameter, DescribedSource } from '../description/described-api.ts';
import { oneLine } from '../description/naming.ts';
import { scalarText } from '../scalar-text.ts';
import type { CallDraft } from './call-draft.ts';
import { sampleOf } from './sample.ts';
import { type Shape, shapeOf, textOf } from './shape.ts';

/** Those that calls set themselves (OpenAPI 3.1 section 4.8.12.1). */
const OWN_HEADERS = ['accept', 'content-type', 'authorization'];

const STYLES: Readonly<Record<string, string>> = { query: 'form', cookie: 'form', path: 'simple', header: 'simple' };

interface Written {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly isRequired: boolean;
  readonly description: string | undefined;
  readonly style: string;
  readonly explode: boolean;
  readonly shape: Shape;
}

/** Takes the parameters of an operation up, all but those in its path, and gives the path as a template. */
export function readParameters(draft: CallDraft): string {
  const placeholders = new Map<string, string>();
  for (const definition of draft.operation.parameters) {
    const name = textOf(definition['name']);
    const place = definition['in'];
    if (name === undefined || (place !== 'path' && place !== 'query' && place !== 'header' && place !== 'cookie'))
      continue;
    if (place === 'header' && OWN_HEADERS.includes(name.toLowerCase())) continue;
    readParameter(draft, { definition, name, place }, placeholders);
  }
  return pathTemplate(draft, placeholders);
}

function readParameter(
  draft: CallDraft,
  from: { readonly definition: JsonObject; readonly name: string; readonly place: Written['in'] },
  placeholders: Map<string, string>,
): void {
  const { definition, name, place } = from;
  const content = isJsonObject(definition['content']) ? Object.values(definition['content'])[0] : undefined;
  const schema = isJsonObject(content) ? content['schema'] : definition['schema'];
  const shape = shapeOf(draft.references, schema);
  const style = textOf(definition['style']) ?? STYLES[place] ?? 'form';
  const written: Written = {
    name,
    in: place,
    isRequired: place === 'path' || definition['required'] === true,
    description: describe(textOf(definition['description']) ?? shape.description, shape),
    style,
    explode: typeof definition['explode'] === 'boolean' ? definition['explode'] : style === 'form',
    shape,
  };
  const key = draft.key(name, place);
  const sample =
    sampleGiven(definition) ??
    sampleOf(draft.references, schema, 'request') ??
    (written.isRequired ? 'text' : undefined);
  if (sample !== undefined) draft.context.set(key, sample);
  if (definition['allowReserved'] === true)
    draft.note(`${place} parameter ${name}: reserved characters are percent-encoded here`);
  const made = content === undefined ? styled(draft, written, key) : [asJson(written, key)];
  draft.parameters.push(...made);
  if (place === 'path') placeholders.set(name, prefixOf(written) + `{${made[0]?.name ?? key}}`);
}

function sampleGiven(definition: JsonObject): Json | undefined {
  const { example, examples } = definition;
  if (example !== undefined) return example;
  const first = isJsonObject(examples) ? Object.values(examples)[0] : undefined;
  return isJsonObject(first) ? first['value'] : undefined;
}

function describe(text: string | undefined, { enumeration }: Shape): string | undefined {
  const choices =
    enumeration === undefined
      ? ''
      : `one of: ${enumeration.slice(0, 12).map(shown).join(', ')}${enumeration.length > 12 ? ', ...' : ''}`;
  return oneLine([text, choices].filter((part) => part !== undefined && part !== '').join('; '));
}

function shown(value: Json): string {
  return scalarText(value) ?? JSON.stringify(value);
}

function asJson(written: Written, key: string): DescribedParameter {
  return { ...common(written, key, { context: key }), type: 'json', encode: 'json' };
}

function common(written: Written, key: string, source: DescribedSource): DescribedParameter {
  // A path's placeholder is not seen outside: it takes the name of the key, which is unlike all others.
  const name = written.in === 'path' ? key : written.name;
  const shared = { name, in: written.in, source, description: written.description } as const;
  if (written.isRequired) return { ...shared, required: true, defaultValue: defaultOf(written.shape) };
  return { ...shared, defaultValue: '', whenEmpty: 'omit' };
}

/** The default of what is required; what is not required is left out, and the other side has its own. */
export function defaultOf({ defaultValue }: Shape): string | undefined {
  const text = scalarText(defaultValue);
  return text === '' ? undefined : text;
}

const SEPARATORS: Readonly<Record<string, string>> = {
  spaceDelimited: ' ',
  pipeDelimited: '|',
  label: '.',
  matrix: ',',
};

function styled(draft: CallDraft, written: Written, key: string): DescribedParameter[] {
  const { shape, explode, style } = written;
  if (shape.type === 'object') return objectParameters(draft, written, key);
  if (shape.type !== 'array') return [{ ...common(written, key, { context: key }), type: typeOf(shape, written.in) }];
  const isRepeated = explode && (written.in === 'query' || written.in === 'cookie') && style === 'form';
  if (isRepeated && written.in === 'query')
    return [{ ...common(written, key, { context: key }), type: written.isRequired ? 'array' : 'json' }];
  if (explode && style === 'matrix')
    draft.note(`path parameter ${written.name}: an exploded list is sent as one value with commas`);
  const separator = SEPARATORS[style] ?? ',';
  return [
    {
      ...common(written, key, { jsonata: joinedList(key, separator) }),
      ...(written.isRequired ? {} : { defaultValue: undefined }),
    },
  ];
}

/** A text stays one: whoever has the list as a text with separators gives it so. */
function joinedList(key: string, separator: string): string {
  return `$join($map([context.${key}], $string), '${separator}')`;
}

/** An object in a query or a header goes as its members (OpenAPI 3.1 section 4.8.12.5). */
function objectParameters(draft: CallDraft, written: Written, key: string): DescribedParameter[] {
  const { shape, style, name } = written;
  const isSpread = written.in === 'query' && ((style === 'form' && written.explode) || style === 'deepObject');
  const isOpen = shape.additional !== undefined && shape.additional !== false;
  if (isSpread && style === 'deepObject' && (isOpen || shape.properties.size === 0)) {
    return [{ ...common(written, key, { context: key }), type: 'json', style: 'brackets' }];
  }
  if (!isSpread || shape.properties.size === 0) {
    if (style !== 'form' || !isSpread)
      draft.note(
        `${written.in} parameter ${name}: an object in style ${style} is sent as JSON; change it if the other side wants it otherwise`,
      );
    return [asJson(written, key)];
  }
  if (isOpen) draft.note(`query parameter ${name}: only the members that are described are sent`);
  return [...shape.properties].map(([member, schema]) => {
    const inner = shapeOf(draft.references, schema);
    const isRequired = written.isRequired && shape.required.has(member);
    const own: Written = {
      ...written,
      name: style === 'deepObject' ? `${name}[${member}]` : member,
      shape: inner,
      isRequired,
      description: describe(inner.description, inner),
    };
    return { ...common(own, key, { context: `${key}.${member}` }), type: typeOf(inner, 'query') };
  });
}

/** What a value is converted to where it is sent as text: only what can be wrong is checked. */
function typeOf({ type, format }: Shape, place: Written['in'] | 'body'): string | undefined {
  if (type === 'array') return 'json';
  if (type === 'integer') return format === 'int64' && place !== 'body' ? undefined : 'integer';
  return type === 'number' || type === 'boolean' ? type : undefined;
}

function prefixOf({ style, name }: Written): string {
  if (style === 'label') return '.';
  return style === 'matrix' ? `;${encodeURIComponent(name)}=` : '';
}

/** What stands in braces and is no parameter is told, and asked for like one. */
function pathTemplate(draft: CallDraft, placeholders: ReadonlyMap<string, string>): string {
  return draft.operation.path.replaceAll(/\{([^{}]+)\}|[^{}]+|[{}]/gu, (text: string, name: string | undefined) => {
    if (name === undefined) return text === '{' ? '%7B' : text === '}' ? '%7D' : encodeURI(text).replaceAll('%25', '%');
    const known = placeholders.get(name);
    if (known !== undefined) return known;
    const key = draft.key(name, 'path');
    draft.note(`path: {${name}} is described nowhere; it is taken as a required text`);
    draft.parameters.push({ name: key, in: 'path', source: { context: key }, required: true });
    draft.context.set(key, 'text');
    return `{${key}}`;
  });
}

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { DescribedCall, DescribedParameter, DescribedSource } from '../description/described-api.ts';
import { isPlainKey, oneLine } from '../description/naming.ts';
import type { CallDraft } from './call-draft.ts';
import { defaultOf } from './call-parameters.ts';
import { sampleOf } from './sample.ts';
import { type Shape, shapeOf, textOf } from './shape.ts';
import { xmlBody } from './xml-body.ts';

type Body = Pick<DescribedCall, 'body' | 'contentType' | 'bodyText'>;
type BodyKind = NonNullable<DescribedCall['body']>;

/** The kinds of bodies in the order in which they are taken where there are several. */
const KINDS: readonly (readonly [pattern: RegExp, kind: BodyKind])[] = [
  [/^application\/json\b/iu, 'json'],
  [/[/+]json\b/iu, 'json'],
  [/^application\/x-www-form-urlencoded\b/iu, 'form'],
  [/^multipart\//iu, 'multipart'],
  [/[/+]xml\b/iu, 'xml'],
  [/^text\//iu, 'text'],
  [/^/u, 'raw'],
];

const DEFAULT_TYPES: Readonly<Partial<Record<BodyKind, string>>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  xml: 'application/xml',
  text: 'text/plain',
};

/** Takes up what an operation's request body holds. */
export function readRequestBody(draft: CallDraft): Body {
  const { method, definition } = draft.operation;
  const isBare = ['GET', 'HEAD', 'DELETE'].includes(method);
  const body = draft.references.object(definition['requestBody']);
  const content = isJsonObject(body?.['content']) ? Object.entries(body['content']) : [];
  const chosen = KINDS.flatMap(([pattern, kind]) => {
    const found = content.find(([type]) => pattern.test(type));
    return found === undefined ? [] : [{ type: found[0], media: found[1], kind }];
  })[0];
  if (chosen === undefined) return isBare ? {} : { body: 'none' };
  const others = content.map(([type]) => type).filter((type) => type !== chosen.type);
  if (others.length > 0) draft.note(`body: sent as ${chosen.type}; it may also be ${others.join(', ')}`);
  const media = draft.references.object(chosen.media) ?? {};
  const plainType = chosen.type.replace(/\*\/\*|\/\*/u, (star) =>
    star === '*/*' ? 'application/octet-stream' : '/plain',
  );
  const contentType = chosen.kind === 'multipart' || DEFAULT_TYPES[chosen.kind] === plainType ? undefined : plainType;
  return {
    body: chosen.kind,
    contentType,
    ...readContent(draft, chosen.kind, { media, isRequired: body?.['required'] === true }),
  };
}

interface Content {
  readonly media: JsonObject;
  readonly isRequired: boolean;
}

function readContent(draft: CallDraft, kind: BodyKind, { media, isRequired }: Content): Pick<Body, 'bodyText'> {
  const shape = shapeOf(draft.references, media['schema']);
  const example = exampleOf(draft, media);
  switch (kind) {
    case 'json':
      return readJson(draft, { shape, media, isRequired, example });
    case 'form':
    case 'multipart':
      if (shape.properties.size === 0)
        draft.note('body: its fields are not described; add the parameters that it takes');
      draft.parameters.push(...fieldsOf(draft, { shape, media, isRequired, example }, kind));
      return {};
    case 'xml':
      return { bodyText: xmlBody(draft, media['schema']) };
    case 'text': {
      const key = draft.key('text', 'body');
      draft.context.set(key, typeof example === 'string' ? example : 'text');
      draft.parameters.push({
        name: key,
        in: 'body',
        source: { context: key },
        required: isRequired,
        ...(isRequired ? {} : { defaultValue: '' }),
      });
      return { bodyText: `{${key}}` };
    }
    default:
      draft.parameters.push({
        name: 'file',
        in: 'body',
        source: { file: draft.key('file', 'body') },
        required: isRequired,
      });
      return {};
  }
}

interface ReadBody extends Content {
  readonly shape: Shape;
  readonly example: Json | undefined;
}

function exampleOf({ references }: CallDraft, media: JsonObject): Json | undefined {
  if (media['example'] !== undefined) return media['example'];
  const first = isJsonObject(media['examples']) ? Object.values(media['examples'])[0] : undefined;
  return references.object(first)?.['value'];
}

function readJson(draft: CallDraft, body: ReadBody): Pick<Body, 'bodyText'> {
  const { shape, media, example } = body;
  if (shape.isChoice) draft.note('body: it has one of several forms; keep the parameters of the one that is meant');
  if (shape.type === 'object' && shape.properties.size > 0) {
    draft.parameters.push(...membersOf(draft, { shape, isRequired: true, example, path: '', depth: 0 }));
    return {};
  }
  const key = draft.key('body', 'request');
  draft.note(`body: it has no members of its own; the context value "${key}" is sent as it is`);
  const sample = example ?? sampleOf(draft.references, media['schema'], 'request') ?? {};
  draft.context.set(key, sample);
  // Whole values of JSON have no escaping of their own.
  return { bodyText: `{=raw $string(context.${key}) }` };
}

interface Members {
  readonly shape: Shape;
  /** False: the object itself may be left out, and with it its members. */
  readonly isRequired: boolean;
  readonly example: Json | undefined;
  /** Context path of the object, with a dot at its end. */
  readonly path: string;
  readonly depth: number;
}

const DEEPEST = 3;

function membersOf(draft: CallDraft, object: Members): DescribedParameter[] {
  const { shape, example, path, depth } = object;
  return describedMembers(shape).flatMap(([name, schema]) => {
    const inner = shapeOf(draft.references, schema);
    if (inner.isReadOnly) return [];
    const isRequired = object.isRequired && shape.required.has(name);
    const given = isJsonObject(example) ? example[name] : undefined;
    const key = path === '' ? draft.key(name, 'body') : `${path}${name}`;
    const shared = { name, in: 'body' as const, description: oneLine(inner.description) };
    const [fixed] = inner.enumeration?.length === 1 ? inner.enumeration : [inner.constant];
    if (isRequired && typeof fixed === 'string') return [{ ...shared, source: { value: fixed } }];
    const isNested =
      isRequired &&
      inner.type === 'object' &&
      inner.properties.size > 0 &&
      !inner.isChoice &&
      depth < DEEPEST &&
      [...inner.properties.keys()].every(isPlainKey);
    if (path === '') {
      const sample = given ?? sampleOf(draft.references, schema, 'request') ?? (isRequired ? 'text' : undefined);
      if (sample !== undefined && (isRequired || given !== undefined || inner.type !== 'object'))
        draft.context.set(key, sample);
    }
    if (!isNested) return [memberOf(shared, { shape: inner, isRequired, key })];
    const nested = membersOf(draft, {
      shape: inner,
      isRequired: true,
      example: given,
      path: `${key}.`,
      depth: depth + 1,
    });
    return [{ ...shared, source: { nested } satisfies DescribedSource }];
  });
}

/** With those that are only said to be required. */
function describedMembers({ properties, required }: Shape): (readonly [string, Json])[] {
  const others = [...required].filter((name) => !properties.has(name));
  return [...properties, ...others.map((name) => [name, {}] as const)];
}

function memberOf(
  shared: Pick<DescribedParameter, 'name' | 'in' | 'description'>,
  { shape, isRequired, key }: { readonly shape: Shape; readonly isRequired: boolean; readonly key: string },
): DescribedParameter {
  const source = { context: key };
  if (!isRequired) return { ...shared, source, type: bodyType(shape, false), defaultValue: '', whenEmpty: 'omit' };
  const isText =
    shape.type === 'string' && (shape.schema['minLength'] === undefined || shape.schema['minLength'] === 0);
  const mayBeEmpty = shape.isNullable || (isText && shape.enumeration === undefined);
  return { ...shared, source, type: bodyType(shape, true), required: !mayBeEmpty, defaultValue: defaultOf(shape) };
}

/** An optional list is of the type `json`: an empty one of the type `array` would be sent. What may be anything has none. */
function bodyType({ type, format }: Shape, isRequired: boolean): string | undefined {
  if (type === 'array') return isRequired ? 'array' : 'json';
  if (type === 'string') return format === 'date' ? 'date' : undefined;
  return type === 'object' ? 'json' : type;
}

function fieldsOf(draft: CallDraft, body: ReadBody, kind: 'form' | 'multipart'): DescribedParameter[] {
  const { shape, media, example } = body;
  const encoding = isJsonObject(media['encoding']) ? media['encoding'] : {};
  return [...shape.properties].flatMap(([name, schema]) => {
    const inner = shapeOf(draft.references, schema);
    if (inner.isReadOnly) return [];
    const isRequired = shape.required.has(name);
    const description = oneLine(inner.description);
    const own = isJsonObject(encoding[name]) ? encoding[name] : {};
    const key = draft.key(name, 'body');
    if (kind === 'multipart' && isFile(inner, own)) {
      return [
        {
          name,
          in: 'body' as const,
          source: { file: key, contentType: textOf(own['contentType']) },
          required: isRequired,
          description,
        },
      ];
    }
    const sample = (isJsonObject(example) ? example[name] : undefined) ?? sampleOf(draft.references, schema, 'request');
    if (sample !== undefined) draft.context.set(key, sample);
    const field = memberOf({ name, in: 'body', description }, { shape: inner, isRequired, key });
    if (inner.type !== 'object') return [field];
    if (own['style'] === 'deepObject' && kind === 'form') return [{ ...field, style: 'brackets' as const }];
    const style = textOf(own['style']);
    if (style !== undefined) draft.note(`body field ${name}: an object in style ${style} is sent as JSON`);
    return [{ ...field, encode: 'json' }];
  });
}

function isFile({ format, schema, items }: Shape, encoding: JsonObject): boolean {
  if (format === 'binary' || schema['contentMediaType'] !== undefined) return true;
  if (isJsonObject(items) && items['format'] === 'binary') return true;
  return /^(?:image|audio|video)\/|octet-stream/iu.test(textOf(encoding['contentType']) ?? '');
}

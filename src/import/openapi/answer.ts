import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { CallExample, DescribedCall, DescribedOutput } from '../description/described-api.ts';
import { keyOf, oneLine } from '../description/naming.ts';
import type { Operation } from './operations.ts';
import type { References } from './references.ts';
import { sampleOf } from './sample.ts';
import { type Shape, shapeOf } from './shape.ts';

/** What an operation answers when it succeeds. */
export interface ReadAnswer extends Pick<DescribedCall, 'format' | 'statuses' | 'outputs'> {
  readonly accept: string | undefined;
  readonly example: CallExample['answer'];
}

const MOST_OUTPUTS = 40;
const DEEPEST = 2;

/** Reads the answer of success: the first of 2xx, of those that redirect where there is no other, or the default. */
export function readAnswer(references: References, { definition }: Operation): ReadAnswer {
  const responses = isJsonObject(definition['responses']) ? Object.entries(definition['responses']) : [];
  const success = responses.filter(([status]) => status.startsWith('2')).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const redirects = responses.filter(([status]) => status.startsWith('3'));
  const [status = '200', written] =
    success.find(([, one]) => hasContent(references, one)) ??
    success[0] ??
    redirects[0] ??
    responses.find(([name]) => name === 'default') ??
    [];
  const statuses = success.length === 0 && redirects.length > 0 ? redirects.map(([one]) => one.toLowerCase()) : [];
  const answered = /^[1-5][0-9]{2}$/u.test(status) ? Number(status) : status.startsWith('3') ? 302 : 200;
  const content = references.object(written)?.['content'];
  const types = isJsonObject(content) ? Object.entries(content) : [];
  const [type, media] = types.find(([name]) => /[/+]json\b/iu.test(name)) ?? types[0] ?? [];
  if (type === undefined)
    return { format: 'raw', statuses, outputs: [], accept: undefined, example: { status: answered, body: '' } };
  const format = formatOf(type);
  const body = references.object(media) ?? {};
  return {
    format,
    statuses,
    outputs: format === 'json' ? outputsOf(references, body['schema']) : [],
    accept: type.includes('*') ? undefined : type,
    example: {
      status: answered,
      contentType: type.replaceAll('*', 'plain'),
      body: exampleText(references, body, format),
    },
  };
}

function hasContent(references: References, response: Json): boolean {
  const content = references.object(response)?.['content'];
  return isJsonObject(content) && Object.keys(content).length > 0;
}

function formatOf(type: string): NonNullable<DescribedCall['format']> {
  if (/[/+]json\b/iu.test(type)) return 'json';
  if (/[/+]xml\b/iu.test(type)) return 'xml';
  return /^text\//iu.test(type) ? 'text' : 'raw';
}

function exampleText(references: References, media: JsonObject, format: DescribedCall['format']): string {
  const first = isJsonObject(media['examples']) ? Object.values(media['examples'])[0] : undefined;
  const given = media['example'] ?? references.object(first)?.['value'];
  if (format === 'json') {
    const sample = given ?? sampleOf(references, media['schema'], 'answer') ?? {};
    return JSON.stringify(sample, (_name, value: unknown) => withoutKeys(value), 2);
  }
  return typeof given === 'string' ? given : '';
}

/** What looks like a key would be taken for one wherever the test is looked at. */
function withoutKeys(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const isLikeKey = value
    .match(/[A-Za-z0-9+_=]{12,}/gu)
    ?.some((run) => /[0-9]/u.test(run) && (run.length >= 20 || (/[a-z]/u.test(run) && /[A-Z]/u.test(run))));
  if (isLikeKey !== true) return value;
  return /^https?:/u.test(value) ? 'https://example.com/' : 'text';
}

/** The members of the answer, the plain ones first of each level. */
function outputsOf(references: References, schema: Json | undefined): DescribedOutput[] {
  const found: DescribedOutput[] = [];
  collect(references, { schema, path: [], isSure: true, depth: 0 }, found);
  return found.slice(0, MOST_OUTPUTS);
}

interface Level {
  readonly schema: Json | undefined;
  readonly path: readonly string[];
  readonly isSure: boolean;
  readonly depth: number;
}

function collect(references: References, level: Level, found: DescribedOutput[]): void {
  const { path, isSure, depth } = level;
  const shape = shapeOf(references, level.schema);
  const deeper: Level[] = [];
  if (shape.type === 'array' && depth <= DEEPEST) {
    collect(references, { schema: shape.items, path: [...path, '0'], isSure: false, depth: depth + 1 }, found);
    return;
  }
  for (const [name, schema] of shape.properties) {
    const inner = shapeOf(references, schema);
    const at = [...path, name];
    const isRequired = isSure && shape.required.has(name) && !shape.isChoice;
    if (inner.isWriteOnly) continue;
    if (inner.type === 'object' || inner.type === 'array') {
      if (depth < DEEPEST) deeper.push({ schema, path: at, isSure: isRequired, depth: depth + 1 });
      if (inner.type === 'array') found.push(output(at, inner, isRequired, 'array'));
    } else found.push(output(at, inner, isRequired, outputType(inner)));
    if (found.length > MOST_OUTPUTS) return;
  }
  for (const one of deeper) collect(references, one, found);
}

function output(path: readonly string[], shape: Shape, isRequired: boolean, type: string | undefined): DescribedOutput {
  return {
    path: path
      .map((name, index) =>
        /^[^.[\]'"\s]+$/u.test(name)
          ? `${index === 0 ? '' : '.'}${name}`
          : `['${name.replaceAll(/[\\']/gu, String.raw`\$&`)}']`,
      )
      .join(''),
    context: keyOf(path.filter((name) => name !== '0').join('_'), 'answer'),
    type,
    optional: !isRequired || shape.isNullable,
    description: oneLine(shape.description, 80),
  };
}

function outputType({ type, format }: Shape): string | undefined {
  if (type === 'string') return format === 'date' ? 'date' : format === 'date-time' ? 'datetime' : undefined;
  return type === 'integer' || type === 'number' || type === 'boolean' ? type : undefined;
}

import { freeName } from '../../core/document-name.ts';
import { isJsonObject } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import type {
  DescribedApi,
  DescribedCall,
  DescribedParameter,
  DescribedSource,
  DescriptionNote,
} from '../description/described-api.ts';
import { keyOf, literalText, nameOfWords, oneLine } from '../description/naming.ts';
import type { ConcreteBody, ConcretePart, ConcreteRequest, NamedText } from './concrete-request.ts';
import { jsonParameters } from './json-parameters.ts';
import { divideUrl, type DividedUrl, pairsOf } from './request-url.ts';
import { isSensitiveName, looksLikeKey } from './sensitive-text.ts';
import type { ServiceBook } from './service-book.ts';
import { loginOf } from './login.ts';
import { type Placeholders, sourceOf, templateOf } from './variable-text.ts';

/** Set by whoever sends a request, or by a browser for itself. */
const OWN_HEADERS =
  /^(?:host|content-length|connection|accept-encoding|transfer-encoding|expect|te|upgrade-insecure-requests|priority|sec-.*|x-requested-with|cache-control|pragma|dnt)$/iu;

type Body = Pick<DescribedCall, 'body' | 'contentType' | 'bodyText'>;

/** Makes calls of requests that somebody wrote down, one after another; secrets in them are left out and asked for. */
export class RequestTaker {
  readonly #book: ServiceBook;
  readonly #calls: DescribedCall[] = [];
  readonly #names = new Set<string>();
  readonly #notes: DescriptionNote[] = [];
  readonly #variables: Placeholders;

  /** @param variables what the variables of values are; those of origins are settings */
  constructor(book: ServiceBook, variables: Placeholders) {
    this.#book = book;
    this.#variables = variables;
  }

  note(of: string, says: string): void {
    if (!this.#notes.some((one) => one.of === of && one.says === says)) this.#notes.push({ of, says });
  }

  /** Everything that was taken. */
  get api(): DescribedApi {
    const { name, services, credentials, wanted } = this.#book;
    return { name, services, credentials, wanted, calls: this.#calls, notes: this.#notes };
  }

  take(request: ConcreteRequest): void {
    const url = divideUrl(request.url);
    const title = `${request.method} ${url.path === '' ? '/' : url.path}`;
    const note = (says: string): void => this.note(request.name ?? title, says);
    const login = loginOf(request, url);
    const service = this.#book.service(url.origin, { auth: login.auth, parts: request.serviceParts ?? [] });
    const query = [...login.query, ...(request.query ?? [])].map((one) => this.#parameter(one, 'query'));
    const headers = this.#headers(login.headers, note);
    const contentType = login.headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value;
    const body = this.#body(request, { contentType, note });
    const parameters = [
      ...headers,
      ...query,
      ...login.cookies.map((one) => this.#parameter(one, 'cookie')),
      ...body.parameters,
    ];
    const path = templateOf(url.path, (name) => this.#variables(name), literalPath);
    this.#calls.push({
      name: freeName(this.#name(request, url), this.#names),
      title,
      label: oneLine(request.name, 100),
      description: request.description?.trim().slice(0, 2000),
      service,
      method: request.method,
      path: path === '' ? undefined : path,
      ...body.body,
      parameters,
      format: undefined,
      example: exampleOf(parameters, [path, body.body.bodyText ?? '']),
    });
  }

  #name({ name, method }: ConcreteRequest, { path }: DividedUrl): string {
    const words =
      name ??
      `${method.toLowerCase()} ${path
        .replaceAll(/\{\{|\}\}/gu, '')
        .split('/')
        .filter((part) => !/^[0-9a-f-]{8,}$|^[0-9]+$/iu.test(part))
        .join(' ')}`;
    return nameOfWords(`${this.#book.name} ${words.slice(0, 60)}`, this.#book.name);
  }

  #headers(headers: readonly NamedText[], note: (says: string) => void): DescribedParameter[] {
    const own = headers.filter(({ name }) => OWN_HEADERS.test(name)).map(({ name }) => name);
    if (own.length > 0) note(`headers that every request has or only browsers send are left out: ${own.join(', ')}`);
    return headers
      .filter(({ name }) => !OWN_HEADERS.test(name) && name.toLowerCase() !== 'content-type')
      .map((one) => this.#parameter(one, 'header'));
  }

  #parameter(
    { name, value, description }: NamedText,
    place: NonNullable<DescribedParameter['in']>,
  ): DescribedParameter {
    return {
      name,
      in: place,
      source: place === 'cookie' ? this.#secret(name) : this.#source(name, value),
      description: oneLine(description),
    };
  }

  /** A value that is likely to be a secret is asked for under a name, whatever it was. */
  #source(name: string, value: string): DescribedSource {
    const isSecret = value !== '' && ((isSensitiveName(name) && value.length > 1) || looksLikeKey(value));
    return isSecret ? this.#secret(name) : sourceOf(value, this.#variables);
  }

  #secret(name: string): DescribedSource {
    return { secret: this.#book.secret(name, `what was sent as ${name}`) };
  }

  #body(
    { body, method }: ConcreteRequest,
    about: { readonly contentType: string | undefined; readonly note: (says: string) => void },
  ): { readonly body: Body; readonly parameters: readonly DescribedParameter[] } {
    switch (body.kind) {
      case 'none':
        return { body: ['GET', 'HEAD', 'DELETE'].includes(method) ? {} : { body: 'none' }, parameters: [] };
      case 'form':
        return { body: { body: 'form' }, parameters: body.fields.map((one) => this.#parameter(one, 'body')) };
      case 'multipart':
        return { body: { body: 'multipart' }, parameters: body.parts.map((part) => this.#part(part)) };
      case 'file':
        return {
          body: { body: 'raw', contentType: about.contentType },
          parameters: [{ name: 'file', in: 'body', source: { file: 'file' }, required: true }],
        };
      case 'text':
        return this.#textBody(body, about);
    }
  }

  #part({ name, value, isFile, contentType }: ConcretePart): DescribedParameter {
    if (!isFile) return this.#parameter({ name, value }, 'body');
    const filename = value.split(/[/\\]/u).at(-1);
    return {
      name,
      in: 'body',
      source: {
        file: keyOf(name, 'file'),
        filename: filename === '' ? undefined : literalText(filename ?? ''),
        contentType,
      },
    };
  }

  #textBody(
    { text, type }: Extract<ConcreteBody, { kind: 'text' }>,
    { contentType = type, note }: { readonly contentType: string | undefined; readonly note: (says: string) => void },
  ): { readonly body: Body; readonly parameters: readonly DescribedParameter[] } {
    const json = readJson(text);
    const isForm = contentType === undefined || /^application\/x-www-form-urlencoded\b/iu.test(contentType);
    if (isForm && (json === undefined || typeof json !== 'object') && /^[^=&\s]+=/u.test(text)) {
      return { body: { body: 'form' }, parameters: pairsOf(text).map((one) => this.#parameter(one, 'body')) };
    }
    if (isForm && json !== undefined) note('the body is JSON and was sent as a form; it is sent as application/json');
    if (isJsonObject(json) && (isForm || /\bjson\b/iu.test(contentType))) {
      const own = isForm || /^application\/json(?:;\s*charset=utf-8)?$/iu.test(contentType) ? undefined : contentType;
      return {
        body: { body: 'json', contentType: own },
        parameters: jsonParameters(json, (name, value) => this.#source(name, value)),
      };
    }
    const kind =
      json !== undefined || /\bjson\b/iu.test(contentType ?? '')
        ? 'json'
        : /\bxml\b/iu.test(contentType ?? '')
          ? 'xml'
          : 'text';
    const shown = isForm ? undefined : contentType;
    return { body: { body: kind, contentType: shown, bodyText: templateOf(text, this.#variables) }, parameters: [] };
  }
}

/** What is no part of a path's text is encoded; what is encoded stays so. */
function literalPath(text: string): string {
  return literalText(encodeURI(text).replaceAll('%25', '%').replaceAll('%7B', '{').replaceAll('%7D', '}'));
}

/** A file comes from a record, which a test of the call alone does not have. */
function exampleOf(parameters: readonly DescribedParameter[], templates: readonly string[]): DescribedCall['example'] {
  const sources = parameters.map(({ source }) => source);
  if (sources.some((source) => 'file' in source)) return undefined;
  const context = contextOf([...sources, ...templates.map((template) => ({ template }))]);
  return { context, answer: { status: 200, body: '' } };
}

/** Made-up values for everything that comes from the context. */
function contextOf(sources: readonly DescribedSource[]): Map<string, string> {
  const found = new Map<string, string>();
  const left = [...sources];
  for (let source = left.pop(); source !== undefined; source = left.pop()) {
    if ('nested' in source) left.push(...source.nested.map((one) => one.source));
    if ('context' in source) found.set(source.context, 'text');
    if (!('template' in source)) continue;
    for (const [, key = ''] of source.template.matchAll(/\{context\.([A-Za-z0-9_]+)\}/gu)) found.set(key, 'text');
  }
  return found;
}

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts';

/** Another reader of OpenAPI: it takes requests and says what of each breaks the description. */
export interface ValidatingPeer {
  readonly url: string;
  /** `POST /orders/{id} body/total must be number`. */
  readonly violations: string[];
  /** `POST /orders/{id}` of every request. */
  readonly called: string[];
}

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly placeholders: readonly string[];
  readonly parameters: readonly JsonObject[];
  readonly definition: JsonObject;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/** A server on this machine that validates what it gets against the description and answers with nothing. */
export async function validatingPeer(t: TestContext, written: JsonObject): Promise<ValidatingPeer> {
  const judge = new Judge(asJsonSchema(written) as JsonObject);
  const violations: string[] = [];
  const called: string[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const found = judge.judge(request, body);
      called.push(found.name);
      violations.push(...found.violations.map((one) => `${found.name} ${one}`));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, violations, called };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

class Judge {
  readonly #root: JsonObject;
  readonly #operations: readonly Operation[];
  readonly #strict: Ajv2020;
  readonly #coercing: Ajv2020;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(root: JsonObject) {
    this.#root = root;
    const options = { strict: false, validateSchema: false, logger: false, allErrors: true } as const;
    this.#strict = new Ajv2020(options);
    this.#coercing = new Ajv2020({ ...options, coerceTypes: true });
    for (const ajv of [this.#strict, this.#coercing]) {
      addFormats.default(ajv);
      ajv.addSchema(root, 'api');
    }
    this.#operations = this.#readOperations();
  }

  judge(request: IncomingMessage, body: string): { readonly name: string; readonly violations: readonly string[] } {
    const url = new URL(request.url ?? '/', 'http://peer');
    const matching = this.#operations.filter(
      ({ method, path }) => method === request.method && path.test(url.pathname),
    );
    const [operation] = matching.toSorted((a, b) => a.placeholders.length - b.placeholders.length);
    if (operation === undefined)
      return { name: `${request.method} ${url.pathname}`, violations: ['is described nowhere'] };
    const values = operation.path.exec(url.pathname)?.slice(1) ?? [];
    const path = new Map(operation.placeholders.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]));
    return {
      name: operation.name,
      violations: [
        ...operation.parameters.flatMap((one) => this.#judgeParameter(one, { url, path, request })),
        ...strangers(url, operation.parameters),
        ...this.#judgeBody(operation, request.headers['content-type'], body),
      ],
    };
  }

  #readOperations(): Operation[] {
    return Object.entries(this.#object(this.#root['paths'])).flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const definition = this.#object(this.#object(item)[method]);
        if (Object.keys(definition).length === 0) return [];
        const placeholders = [...path.matchAll(/\{([^}]+)\}/gu)].map(([, name]) => name ?? '');
        const pattern = path.replaceAll(/[.*+?^$()|[\]\\]/gu, String.raw`\$&`).replaceAll(/\{[^}]+\}/gu, '([^/]+)');
        const parameters = [this.#object(item)['parameters'], definition['parameters']]
          .flatMap((some) => (Array.isArray(some) ? (some as readonly Json[]) : []))
          .map((one) => this.#object(one));
        return [
          {
            name: `${method.toUpperCase()} ${path}`,
            method: method.toUpperCase(),
            path: new RegExp(`^${pattern}$`, 'u'),
            placeholders,
            parameters,
            definition,
          },
        ];
      }),
    );
  }

  #object(value: Json | undefined): JsonObject {
    if (!isJsonObject(value)) return {};
    if (typeof value['$ref'] !== 'string') return value;
    const path = value['$ref'].replace(/^#\//u, '').split('/');
    return this.#object(path.reduce<Json | undefined>((at, name) => this.#member(at, name), this.#root));
  }

  #member(value: Json | undefined, name: string): Json | undefined {
    return isJsonObject(value)
      ? value[decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')]
      : undefined;
  }

  #judgeParameter(
    parameter: JsonObject,
    sent: { readonly url: URL; readonly path: ReadonlyMap<string, string>; readonly request: IncomingMessage },
  ): string[] {
    const name = String(parameter['name']);
    const place = String(parameter['in']);
    if (place === 'header' && ['accept', 'authorization', 'content-type'].includes(name.toLowerCase())) return [];
    const schema = this.#object(parameter['schema']);
    if (schema['type'] === 'object' || parameter['content'] !== undefined) return [];
    const written = writtenTexts(sent, place, name);
    if (written.length === 0) return parameter['required'] === true ? [`${place} ${name} is missing`] : [];
    const isList = schema['type'] === 'array';
    const isJoined = parameter['explode'] === false || place === 'path' || place === 'header';
    const value = isList ? (isJoined ? (written[0] ?? '').split(',') : written) : written[0];
    const validate = this.#validator(this.#coercing, { properties: { value: parameter['schema'] ?? {} } });
    return validate({ value }) === true ? [] : problems(validate).map((one) => `${place} ${name} ${one}`);
  }

  #judgeBody({ definition }: Operation, contentType: string | undefined, body: string): string[] {
    const described = this.#object(definition['requestBody']);
    const content = this.#object(described['content']);
    const type = contentType?.split(';')[0]?.trim() ?? '';
    if (body === '') return described['required'] === true ? ['body is missing'] : [];
    if (Object.keys(content).length === 0) return ['body is not described'];
    const media = Object.entries(content).find(([name]) => name.split(';')[0] === type)?.[1];
    if (media === undefined) return [`body is of the type ${type}`];
    const schema = this.#object(media)['schema'] ?? {};
    if (type.endsWith('json')) {
      const validate = this.#validator(this.#strict, schema);
      return validate(JSON.parse(body)) === true ? [] : problems(validate).map((one) => `body${one}`);
    }
    if (type !== 'application/x-www-form-urlencoded') return [];
    const validate = this.#validator(this.#coercing, schema);
    return validate(Object.fromEntries(new URLSearchParams(body))) === true
      ? []
      : problems(validate).map((one) => `body${one}`);
  }

  /** References in a piece of the description are those of the whole. */
  #validator(ajv: Ajv2020, schema: Json): ValidateFunction {
    const key = `${ajv === this.#strict ? 'strict' : 'coercing'} ${JSON.stringify(schema)}`;
    const known = this.#validators.get(key);
    if (known !== undefined) return known;
    const whole = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/')) as JsonObject;
    const made = ajv.compile(whole);
    this.#validators.set(key, made);
    return made;
  }
}

function writtenTexts(
  {
    url,
    path,
    request,
  }: { readonly url: URL; readonly path: ReadonlyMap<string, string>; readonly request: IncomingMessage },
  place: string,
  name: string,
): string[] {
  if (place === 'query') return url.searchParams.getAll(name);
  const header = request.headers[name.toLowerCase()];
  if (place === 'header') return header === undefined ? [] : [String(header)];
  if (place !== 'path') return [];
  const value = path.get(name);
  return value === undefined ? [] : [value];
}

function strangers(url: URL, parameters: readonly JsonObject[]): string[] {
  const known = parameters.filter((one) => one['in'] === 'query').map((one) => String(one['name']));
  const hasObjects = parameters.some((one) => isJsonObject(one['schema']) && one['schema']['type'] === 'object');
  if (hasObjects) return [];
  return [...new Set(url.searchParams.keys())]
    .filter((name) => !known.includes(name))
    .map((name) => `query ${name} is not described`);
}

function problems({ errors }: ValidateFunction): string[] {
  return (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** What OpenAPI 3.0 says in its own words, as JSON Schema says it; read-only members are not asked for in requests. */
function asJsonSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(asJsonSchema);
  if (!isJsonObject(value)) return value;
  const made: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value))
    made[name] = name === 'example' || name === 'examples' ? {} : asJsonSchema(member);
  if (made['nullable'] === true && typeof made['type'] === 'string') made['type'] = [made['type'], 'null'];
  delete made['nullable'];
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (typeof made[exclusive] !== 'boolean') continue;
    const limit = made[bound];
    const isExclusive = made[exclusive];
    delete made[exclusive];
    if (isExclusive && limit !== undefined) made[exclusive] = limit;
  }
  const { required, properties } = made;
  if (Array.isArray(required) && isJsonObject(properties)) {
    made['required'] = (required as readonly Json[]).filter((name) => {
      const property = properties[String(name)];
      return !isJsonObject(property) || property['readOnly'] !== true;
    });
  }
  return made;
}

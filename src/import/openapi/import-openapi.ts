import { documentName, freeName } from '../../core/document-name.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { MapwrightError } from '../../core/error.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type {
  DescribedApi,
  DescribedCall,
  DescribedService,
  DescriptionNote,
  WantedValue,
} from '../description/described-api.ts';
import { nameOfWords, oneLine } from '../description/naming.ts';
import { readAnswer } from './answer.ts';
import { CallDraft } from './call-draft.ts';
import { readParameters } from './call-parameters.ts';
import { chosenOperations, type Operation, type OperationChoice, operationsOf } from './operations.ts';
import { References } from './references.ts';
import { readRequestBody } from './request-body.ts';
import { type Login, SecurityReader } from './security.ts';
import { serverAddress } from './servers.ts';
import { textOf } from './shape.ts';

/** How a description is to be taken over. */
export interface OpenApiChoice extends OperationChoice {
  /** What the names begin with; else its title. */
  readonly name?: string | undefined;
  /** The address of the other side, in the place of those described. */
  readonly url?: string | undefined;
  /** Values of the variables in its address; the others become settings. */
  readonly variables?: ReadonlyMap<string, string>;
  /** The security scheme to take where there is a choice. */
  readonly security?: string | undefined;
}

/** A description that was read, with the files that it refers to. */
export interface OpenApiSource {
  readonly root: JsonObject;
  readonly files: ReadonlyMap<string, Json>;
}

/** The operations of a description. */
export function listOperations({ root, files }: OpenApiSource, choice: OperationChoice): Operation[] {
  return chosenOperations(operationsOf(root, new References(root, files)), choice);
}

/**
 * Services, credentials and calls out of an OpenAPI description. The same description gives the same.
 * Throws IMPORT_OPERATION_UNKNOWN and IMPORT_SECURITY_UNKNOWN.
 */
export function importOpenApi({ root, files }: OpenApiSource, choice: OpenApiChoice): DescribedApi {
  const references = new References(root, files);
  const info = references.object(root['info']) ?? {};
  const name = choice.name ?? nameOfTitle(textOf(info['title']));
  const operations = chosenOperations(operationsOf(root, references), choice);
  const securityOf = ({ definition }: Operation): Json | undefined => definition['security'] ?? root['security'];
  const security = new SecurityReader({
    references,
    root,
    api: name,
    requirements: operations.map((one) => securityOf(one) ?? []),
    preferred: choice.security,
  });
  checkScheme(choice.security, security.names);
  const services = new ServiceList({ name, info, root, choice });
  const taken = new Set<string>();
  const notes: DescriptionNote[] = [];
  const calls = operations.map((operation) => {
    const login = security.login(securityOf(operation));
    const service = services.of(operation, login);
    const draft = new CallDraft(references, operation);
    draft.parameters.push(...login.parameters);
    const call = describeCall(draft, { service, name: freeName(callName(name, operation), taken) });
    notes.push(...draft.notes.map((says) => ({ of: call.title, says })));
    return call;
  });
  notes.unshift(...services.notes);
  for (const target of [...references.missing].slice(0, 20)) notes.push({ of: target, says: missingReference(target) });
  if (calls.length === 0) notes.push({ of: name, says: 'it describes no operations' });
  return {
    name,
    services: services.services,
    credentials: services.credentials,
    calls,
    wanted: services.wanted,
    notes,
  };
}

const LONGEST_NAME = 40;

/** Short, as all names begin with it. */
function nameOfTitle(title = ''): string {
  const name = documentName(title, 'api');
  return name.length <= LONGEST_NAME ? name : name.slice(0, LONGEST_NAME).replace(/-[^-]*$/u, '');
}

function checkScheme(wanted: string | undefined, names: readonly string[]): void {
  if (wanted === undefined || names.includes(wanted)) return;
  throw new MapwrightError('IMPORT_SECURITY_UNKNOWN', `the description has no security scheme "${wanted}"`, {
    hint: didYouMean(wanted, names) ?? (names.length === 0 ? 'it describes none' : `there are: ${names.join(', ')}`),
  });
}

function missingReference(target: string): string {
  return /^[a-z][a-z0-9+.-]*:/iu.test(target)
    ? 'other addresses are not fetched; what is described there is left out'
    : 'this reference leads nowhere; what is described there is left out';
}

function callName(api: string, { id, method, path }: Operation): string {
  const words = id ?? `${method.toLowerCase()} ${path.replaceAll(/[{}]/gu, '')}`;
  return nameOfWords(`${api} ${words}`, api);
}

function describeCall(
  draft: CallDraft,
  { service, name }: { readonly service: string; readonly name: string },
): DescribedCall {
  const { operation, references } = draft;
  const { method, definition, summary, isDeprecated, id } = operation;
  const written = readParameters(draft);
  const body = readRequestBody(draft);
  const path = withOwnPlaceholders(draft, written);
  const { accept, example, ...answer } = readAnswer(references, operation);
  if (isDeprecated) draft.note('the description says that it is going away');
  return {
    name,
    title: `${method} ${operation.path}`,
    label: oneLine(summary ?? id, 100),
    description: textOf(definition['description'])?.trim().slice(0, 2000),
    service,
    method,
    path,
    ...body,
    parameters: [
      ...(accept === undefined ? [] : [{ name: 'Accept', in: 'header' as const, source: { value: accept } }]),
      ...draft.parameters,
    ],
    ...answer,
    example: hasFile(draft) ? undefined : { context: draft.context, answer: example },
  };
}

/** A placeholder is filled by the parameter of its name: those of the path get names that no other parameter has. */
function withOwnPlaceholders({ parameters }: CallDraft, path: string): string {
  const names = parameters.map(({ name }) => name);
  let renamed = path;
  for (const [index, parameter] of parameters.entries()) {
    const { name } = parameter;
    if (parameter.in !== 'path' || names.indexOf(name) === names.lastIndexOf(name)) continue;
    const own = freeName(`path_${name}`, new Set(names)).replaceAll('-', '_');
    names.push(own);
    parameters[index] = { ...parameter, name: own };
    renamed = renamed.replaceAll(`{${name}}`, `{${own}}`);
  }
  return renamed;
}

/** A file comes from a record, which a test of the call alone does not have. */
function hasFile({ parameters }: CallDraft): boolean {
  return parameters.some(({ source }) => 'file' in source);
}

/** The services that calls need: one for each address and way to log in. */
class ServiceList {
  readonly services: DescribedService[] = [];
  readonly credentials: DescribedApi['credentials'][number][] = [];
  readonly wanted: WantedValue[] = [];
  readonly notes: DescriptionNote[] = [];
  readonly #names = new Set<string>();
  readonly #known = new Map<string, string>();
  readonly #source: {
    readonly name: string;
    readonly info: JsonObject;
    readonly root: JsonObject;
    readonly choice: OpenApiChoice;
  };

  constructor(source: {
    readonly name: string;
    readonly info: JsonObject;
    readonly root: JsonObject;
    readonly choice: OpenApiChoice;
  }) {
    this.#source = source;
  }

  /** The name of the service that an operation is called at. */
  of({ servers }: Operation, login: Login): string {
    const { name: api, root, choice } = this.#source;
    const { url, wanted, others } = serverAddress(servers ?? root['servers'], {
      name: api,
      url: choice.url,
      variables: choice.variables ?? new Map(),
    });
    const key = JSON.stringify([url, login.id]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = freeName(
      this.services.length === 0 ? api : nameOfWords(`${api} ${login.id === '' ? 'open' : login.id}`, api),
      this.#names,
    );
    this.#known.set(key, name);
    this.#add(name, url, login);
    this.#want([...wanted, ...login.wanted]);
    this.notes.push(...login.notes.map((says) => ({ of: name, says })));
    if (others.length > 0)
      this.notes.push({ of: name, says: `calls go to ${url}; there is also ${others.slice(0, 5).join(', ')}` });
    return name;
  }

  #add(name: string, url: string, { credential }: Login): void {
    const { info } = this.#source;
    const version = textOf(info['version']);
    this.services.push({
      name,
      label: oneLine(textOf(info['title']), 100),
      description: textOf(info['description'])?.trim().slice(0, 1000),
      url,
      credential: credential?.name,
      apiVersion: version,
    });
    if (credential !== undefined && !this.credentials.some((one) => one.name === credential.name))
      this.credentials.push(credential);
  }

  #want(values: readonly WantedValue[]): void {
    for (const value of values) {
      if (!this.wanted.some((one) => one.kind === value.kind && one.name === value.name)) this.wanted.push(value);
    }
  }
}

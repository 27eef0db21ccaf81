import type { BodyPart, CallRequest } from '../../core/call.ts';
import type { NetworkRules } from '../../core/network.ts';
import type { RecordedRequest } from '../../core/step.ts';
import { DOTS } from '../../connector/redactor.ts';
import { ShellVariables } from './shell-word.ts';

/** A request as a command for a POSIX shell. */
export interface CurlCommand {
  readonly command: string;
  /** Variables that have to be set before: each stands for a secret, in the form in which the request has it. */
  readonly variables: readonly string[];
  /** What the command cannot say. */
  readonly notes: readonly string[];
}

/** A body as curl sends it. A file is one in the working folder. */
export type CurlBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'parts'; readonly parts: readonly BodyPart[] };

/** What a command is made of; dots stand for secrets. */
export interface CurlSource extends Pick<CallRequest, 'method' | 'url' | 'headers'> {
  readonly body: CurlBody | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly totalTimeoutMs?: number | undefined;
  readonly network?: NetworkRules | undefined;
  /** True: the password of a proxy stands in the command. */
  readonly showsSecrets?: boolean;
  readonly notes?: readonly string[];
}

/** Longer bodies do not fit into one argument of a command. */
const LONGEST_ARGUMENT = 100_000;
const MS = 1000;

/** The command that makes this request, byte by byte as far as curl can. */
export function curlCommand(source: CurlSource): CurlCommand {
  const shell = new ShellVariables();
  const notes = [...(source.notes ?? [])];
  const { method, body } = source;
  const url = shell.word(source.url);
  const headers = headersOf(source).map((header) => `--header ${shell.word(header)}`);
  const sent = body === undefined ? { options: [] } : bodyOptions(body, shell, notes);
  const how = method === 'HEAD' && body === undefined ? '--head' : `--request ${shell.word(method)}`;
  const options = [
    ...(/[[\]{}]/u.test(source.url) ? ['--globoff'] : []),
    ...timeLimits(source),
    ...networkOptions(source, shell, notes),
    ...headers,
    ...sent.options,
  ];
  const curl = [`curl ${how} ${url}`, ...options].join(' \\\n  ');
  return {
    command: 'input' in sent && sent.input !== undefined ? piped(sent.input, curl, shell.names) : curl,
    variables: shell.names,
    notes,
  };
}

/** What fails in front of a pipe does not keep what stands behind it from running: variables are looked at before. */
function piped(input: string, curl: string, variables: readonly string[]): string {
  const checks = variables.map((name) => `"\${${name}:?is not set}"`).join(' ');
  return `${checks === '' ? '' : `: ${checks} &&\n`}${input} | ${curl}`;
}

/** The command for a request as history has it. */
export function curlOfRecorded({ method, url, headers, body }: RecordedRequest): CurlCommand {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const isMultipart = /^multipart\//iu.test(type);
  const isWhole = body === undefined || (!body.cut && !isMultipart && Buffer.byteLength(body.text) === body.bytes);
  const holdsDots = body?.text.includes(DOTS) === true && !body.cut && !isMultipart;
  if (body === undefined) return curlCommand({ method, url, headers, body: undefined });
  if (isWhole || holdsDots) return curlCommand({ method, url, headers, body: { kind: 'text', text: body.text } });
  const notes = [`history does not hold the whole body (${body.bytes} bytes): put it into the file ${MISSING_BODY}`];
  return curlCommand({ method, url, headers, body: { kind: 'file', name: MISSING_BODY }, notes });
}

/** The file that is named where the body is not known. */
export const MISSING_BODY = 'request-body';

/** curl adds a type of its own to a body that has none, and makes the boundary of parts itself. */
function headersOf({ headers, body }: CurlSource): string[] {
  const isParts = body?.kind === 'parts';
  const own = headers.filter(([name]) => !isParts || name.toLowerCase() !== 'content-type');
  const written = own.map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`));
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return body === undefined || isParts || hasType ? written : [...written, 'Content-Type:'];
}

function timeLimits({ connectTimeoutMs, totalTimeoutMs }: CurlSource): string[] {
  return [
    ...(connectTimeoutMs === undefined ? [] : [`--connect-timeout ${connectTimeoutMs / MS}`]),
    ...(totalTimeoutMs === undefined ? [] : [`--max-time ${totalTimeoutMs / MS}`]),
  ];
}

function networkOptions({ network, showsSecrets }: CurlSource, shell: ShellVariables, notes: string[]): string[] {
  const { proxy, authority, minTls, verify, redirects = 'none', http2, compression = 'none' } = network ?? {};
  if (authority !== undefined) notes.push('the authority of its certificate is not in the command: --cacert FILE');
  if (redirects === 'same-host') notes.push('--location follows redirects to any host, the map only to the same');
  const password = showsSecrets === true ? (proxy?.password ?? '') : DOTS;
  const login = proxy?.user === undefined ? undefined : `${proxy.user}:${password}`;
  return [
    ...(proxy === undefined ? [] : [`--proxy ${shell.word(proxy.url)}`]),
    ...(login === undefined ? [] : [`--proxy-user ${shell.word(login)}`]),
    ...(minTls === undefined ? [] : [`--tlsv${minTls}`]),
    ...(verify === false ? ['--insecure'] : []),
    ...(redirects === 'none' ? [] : ['--location']),
    ...(http2 === true ? ['--http2'] : []),
    ...(compression === 'none' ? [] : ['--compressed']),
  ];
}

interface BodyOptions {
  readonly options: readonly string[];
  /** What writes the body, for a body that is no argument. */
  readonly input?: string;
}

function bodyOptions(body: CurlBody, shell: ShellVariables, notes: string[]): BodyOptions {
  switch (body.kind) {
    case 'text':
      if (body.text.length <= LONGEST_ARGUMENT && !body.text.includes('\u0000')) {
        return { options: [`--data-raw ${shell.word(body.text)}`] };
      }
      // A builtin of the shell takes what is too long for a program.
      if (!body.text.includes('\u0000')) return fromInput(`printf %s ${shell.word(body.text)}`);
      return fromInput(octal(Buffer.from(body.text)));
    case 'bytes':
      return fromInput(octal(body.bytes));
    case 'file':
      notes.push(`the file ${body.name} is taken from the working folder`);
      return { options: [`--data-binary ${shell.word(`@${body.name}`)}`] };
    case 'parts':
      return { options: body.parts.map((part) => partOption(part, shell, notes)) };
  }
}

function fromInput(input: string): BodyOptions {
  return { options: ['--data-binary @-'], input };
}

/** No argument holds a NUL. */
function octal(bytes: Uint8Array): string {
  const digits = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return `printf '${digits.join('')}'`;
}

function partOption(part: BodyPart, shell: ShellVariables, notes: string[]): string {
  const { name, filename, contentType, text } = part;
  const type = contentType === undefined ? '' : `;type=${contentType}`;
  if (text === undefined) {
    const file = filename ?? 'file';
    notes.push(`the file ${file} is taken from the working folder`);
    return `--form ${shell.word(`${name}=@${inQuotes(file)}${type}`)}`;
  }
  if (filename === undefined && contentType === undefined) return `--form-string ${shell.word(`${name}=${text}`)}`;
  const called = filename === undefined ? '' : `;filename=${inQuotes(filename)}`;
  return `--form ${shell.word(`${name}=${inQuotes(text)}${called}${type}`)}`;
}

/** In quotes curl takes `;` and a leading `@` or `<` for what they are. */
function inQuotes(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

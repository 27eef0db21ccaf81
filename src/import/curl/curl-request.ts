import { MapwrightError } from '../../core/error.ts';
import { element, type WrittenNode } from '../../xml/write.ts';
import type {
  ConcreteAuth,
  ConcreteBody,
  ConcretePart,
  ConcreteRequest,
  NamedText,
} from '../request/concrete-request.ts';
import { pairsOf } from '../request/request-url.ts';
import { type CurlOption, curlArguments } from './curl-options.ts';
import type { ShellWord } from './shell-words.ts';

/** A command as the request that it makes, and what of it is not in that. */
export interface ReadCommand {
  readonly request: ConcreteRequest;
  readonly notes: readonly string[];
}

/** Reads the words behind `curl`. Throws IMPORT_CURL_INVALID for a command without an address. */
export function readCommand(words: readonly ShellWord[]): ReadCommand {
  const { options, told } = curlArguments(words.map(({ text }) => text));
  const notes = told.map((option) => `${option} is not taken over`);
  const of = (name: string): string[] => options.filter((one) => one.name === name).map(({ value }) => value);
  const has = (name: string): boolean => options.some((one) => one.name === name);
  const [url, ...others] = of('url').map((address) => address.trim());
  if (url === undefined || url === '') {
    throw new MapwrightError('IMPORT_CURL_INVALID', 'the command names no address', {
      hint: 'write it whole, with the address: curl https://api.example.com/orders',
    });
  }
  if (others.length > 0) notes.push(`only the first address is taken: ${others.length} more are left out`);
  const headers = [...headersOf(of('header'), notes), ...moreHeaders(options, notes)];
  const body = bodyOf(options, notes);
  const isQuery = has('get') && body.kind !== 'none';
  const query = [
    ...of('url-query').flatMap((value) => pairsOf(encodedData(value, notes))),
    ...(isQuery ? queryOf(body) : []),
  ];
  const sent: ConcreteBody = isQuery ? { kind: 'none' } : body;
  return {
    request: {
      name: undefined,
      method: (
        of('request').at(-1) ??
        (has('head') ? 'HEAD' : has('upload-file') ? 'PUT' : sent.kind === 'none' ? 'GET' : 'POST')
      ).toUpperCase(),
      url,
      headers,
      query,
      body: sent,
      auth: authOf(options, notes),
      serviceParts: serviceParts(options, notes),
    },
    notes,
  };
}

function headersOf(written: readonly string[], notes: string[]): NamedText[] {
  return written.flatMap((line) => {
    if (line.startsWith('@')) {
      notes.push('headers in a file are left out');
      return [];
    }
    const [, name, value] = /^([^:;]+)[:;]\s*(.*)$/su.exec(line) ?? [];
    // `Name:` takes away a header that curl sets, `Name;` sends it empty.
    if (name === undefined || (value === '' && !line.trimEnd().endsWith(';'))) return [];
    return [{ name: name.trim(), value: (value ?? '').trim() }];
  });
}

function moreHeaders(options: readonly CurlOption[], notes: string[]): NamedText[] {
  return options.flatMap(({ name, value }): NamedText[] => {
    if (name === 'user-agent') return [{ name: 'User-Agent', value }];
    if (name === 'referer') return [{ name: 'Referer', value: value.replace(/;auto$/u, '') }];
    if (name === 'json')
      return [
        { name: 'Content-Type', value: 'application/json' },
        { name: 'Accept', value: 'application/json' },
      ];
    if (name !== 'cookie') return [];
    if (value.includes('=')) return [{ name: 'Cookie', value }];
    notes.push('cookies in a file are left out');
    return [];
  });
}

function bodyOf(options: readonly CurlOption[], notes: string[]): ConcreteBody {
  const parts = options.filter(({ name }) => name === 'form' || name === 'form-string');
  if (parts.length > 0) return { kind: 'multipart', parts: parts.map((part) => partOf(part, notes)) };
  if (options.some(({ name }) => name === 'upload-file')) return { kind: 'file' };
  const pieces = options.filter(({ name }) => name === 'json' || name.startsWith('data'));
  if (pieces.length === 0) return { kind: 'none' };
  if (pieces.length === 1 && pieces[0]?.name === 'data-binary' && pieces[0].value.startsWith('@')) {
    notes.push('the body was a file; it is to come from a field that holds one');
    return { kind: 'file' };
  }
  const isJson = pieces.some(({ name }) => name === 'json');
  const texts = pieces.map(({ name, value }) => {
    if (name === 'data-urlencode') return encodedData(value, notes);
    if (name === 'data-raw' || !value.startsWith('@')) return value;
    notes.push('a body in a file is left out; it is taken from the context value "body"');
    return '{{body}}';
  });
  return { kind: 'text', text: texts.join(isJson ? '' : '&'), type: isJson ? 'application/json' : undefined };
}

/** `name=content`, `=content`, `content`, `name@file`. */
function encodedData(value: string, notes: string[]): string {
  const [, name = '', sign, rest = ''] = /^([^=@]*)([=@])(.*)$/su.exec(value) ?? [];
  if (sign === undefined) return encoded(value);
  if (sign === '@') {
    notes.push('a value in a file is left out; it is taken from the context');
    return `${name === '' ? '' : `${name}=`}{{${name === '' ? 'body' : name}}}`;
  }
  return name === '' ? encoded(rest) : `${name}=${encoded(rest)}`;
}

/** Variables stay as they are. */
function encoded(text: string): string {
  return text
    .split(/(\{\{[^{}]*\}\})/u)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(part)))
    .join('');
}

function queryOf(body: ConcreteBody): readonly NamedText[] {
  if (body.kind === 'text') return pairsOf(body.text);
  return [];
}

/** `name=value`, `name=@file;type=image/png;filename=a.png`, `name=<file`. */
function partOf({ name: option, value: written }: CurlOption, notes: string[]): ConcretePart {
  const equals = written.indexOf('=');
  const [name, rest] = equals === -1 ? [written, ''] : [written.slice(0, equals), written.slice(equals + 1)];
  if (option === 'form-string') return { name, value: rest, isFile: false };
  const contentType = /;\s*type=([^;]+)/u.exec(rest)?.[1]?.trim();
  const filename = /;\s*filename="?([^;"]+)"?/u.exec(rest)?.[1]?.trim();
  const value = rest.replace(/;\s*(?:type|filename|headers|encoder)=.*$/su, '');
  if (value.startsWith('@'))
    return { name, value: filename ?? value.slice(1).replaceAll('"', ''), isFile: true, contentType };
  if (!value.startsWith('<')) return { name, value: value.replace(/^"(.*)"$/su, '$1'), isFile: false, contentType };
  notes.push(`field ${name}: its text was in a file; it is taken from the context`);
  return { name, value: `{{${name}}}`, isFile: false, contentType };
}

function authOf(options: readonly CurlOption[], notes: string[]): ConcreteAuth | undefined {
  const last = (name: string): string | undefined => options.findLast((one) => one.name === name)?.value;
  const [user, bearer, aws, certificate] = [last('user'), last('oauth2-bearer'), last('aws-sigv4'), last('cert')];
  const [name = ''] = (user ?? '').split(':');
  if (certificate !== undefined && (user ?? bearer ?? aws) !== undefined)
    notes.push('--cert is not taken over: a service has one credential');
  if (aws !== undefined) {
    const [, , region = '', service = ''] = aws.split(':');
    const hasSession = options.some((one) => one.name === 'header' && /^x-amz-security-token\s*:/iu.test(one.value));
    return { kind: 'aws', accessKey: name, region, service, hasSession };
  }
  if (bearer !== undefined) return { kind: 'bearer' };
  if (user !== undefined) {
    const isDigest = options.some((one) => one.name === 'digest' || one.name === 'anyauth');
    return { kind: isDigest ? 'digest' : 'basic', user: name };
  }
  return certificate === undefined ? undefined : { kind: 'client-certificate' };
}

function serviceParts(options: readonly CurlOption[], notes: string[]): WrittenNode[] {
  const last = (name: string): string | undefined => options.findLast((one) => one.name === name)?.value;
  const has = (name: string): boolean => options.some((one) => one.name === name);
  const [connect, total] = [duration(last('connect-timeout')), duration(last('max-time'))];
  if (has('cacert'))
    notes.push(
      '--cacert is not taken over: put the certificate into a setting and name it in <network authority="...">',
    );
  const proxy = last('proxy')?.replace(/^(?![a-z][a-z0-9+.-]*:\/\/)/iu, 'http://');
  if (proxy !== undefined && /^[a-z]+:\/\/[^/]*@/iu.test(proxy))
    notes.push('the login of the proxy is left out: give it with proxy-credential');
  const network = {
    proxy: proxy?.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/iu, '$1'),
    'min-tls': has('tlsv1.3') ? '1.3' : has('tlsv1.2') ? '1.2' : undefined,
    verify: has('insecure') ? 'false' : undefined,
    redirects: has('location') ? 'any' : undefined,
    http2: has('http2') || has('http2-prior-knowledge') ? 'true' : undefined,
  };
  return [
    ...(connect === undefined && total === undefined ? [] : [element('timeout', { connect, total })]),
    ...(Object.values(network).every((value) => value === undefined) ? [] : [element('network', network)]),
  ];
}

/** Seconds, with a fraction or without. */
function duration(seconds: string | undefined): string | undefined {
  const number = Number(seconds);
  if (seconds === undefined || !(number > 0)) return undefined;
  return Number.isInteger(number) ? `${number}s` : `${Math.round(number * 1000)}ms`;
}

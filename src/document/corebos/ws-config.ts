import type { SourceText } from '../../core/diagnostic.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { quoted } from '../../xml/problem.ts';
import type { CallDefinition, Parameter, ResponseDefinition } from '../map.ts';
import type { Place } from '../place.ts';
import type { CallTimeouts } from '../service.ts';
import { literalContentType, readHeaders } from './header.ts';
import { openLegacy, type LegacyElement } from './legacy-element.ts';
import { readLegacyNetwork } from './network.ts';

const WS_CONFIG = {
  children: [
    'wsurl',
    'wshttpmethod',
    'methodname',
    'wsresponsetime',
    'wsuser',
    'wspass',
    'wsproxyhost',
    'wsproxyport',
    'wsheader',
    'wstype',
    'inputtype',
    'outputtype',
    'cert',
    'certtype',
    'certinsecure',
  ],
} as const;

/** What has no effect here, and what serves instead. */
const IGNORED: Readonly<Record<string, string | undefined>> = {
  cert: 'store the certificate as a secret, and name a service with a credential of kind client-certificate on the task',
  certtype: undefined,
};

/** What a `wsconfig` says. */
export interface WsConfig {
  readonly call: CallDefinition;
  readonly headers: readonly Parameter[];
  /** Undefined: the original looks at no answer of this map. */
  readonly format: ResponseDefinition['format'] | undefined;
}

/** Reads `wsconfig`; undefined when it is no usable call (COREBOS_SETTING_MISSING, COREBOS_VALUE_UNKNOWN). */
export function readWsConfig(place: Place): WsConfig | undefined {
  const open = openLegacy(place, WS_CONFIG);
  const type = readWord(open, 'wstype', ['REST', 'SOAP'], 'REST');
  // SOAP is always a POST of an envelope: what is said of input type, method and headers has no effect.
  const isSoap = type === 'SOAP';
  warnOfIgnored(open);
  const headerList = open.child('wsheader');
  const headers = headerList === undefined || isSoap ? [] : readHeaders(headerList);
  const input = isSoap ? 'JSON' : readWord(open, 'inputtype', ['JSON', 'XML', 'URL', 'URLRESTFUL'], 'JSON');
  const method = isSoap ? 'POST' : readMethod(open);
  const methodName = open.filled('methodname')?.value;
  const url = open.filled('wsurl');
  const timeouts = readTimeouts(open);
  const network = readLegacyNetwork(open);
  const format = readFormat(open);
  if (url === undefined) place.error('COREBOS_SETTING_MISSING', 'the map has no wsurl', 'say where to call: <wsurl>');
  if (isSoap && methodName === undefined) {
    place.error('COREBOS_SETTING_MISSING', 'the map has no methodname', 'name the operation to call: <methodname>');
    return undefined;
  }
  if (type === undefined || input === undefined || method === undefined || url === undefined) return undefined;
  const contentType = literalContentType(headers);
  if (input === 'JSON' || input === 'URLRESTFUL') warnOfForm(open, contentType);
  return {
    headers,
    format,
    call: {
      protocol: type === 'SOAP' ? 'soap' : 'rest',
      method,
      url,
      path: undefined,
      ...wireOf(input, contentType),
      contentType,
      timeouts,
      ...(network === undefined ? {} : { network }),
      inDoubt: undefined,
      legacy: { methodName, basic: readBasic(open) },
    },
  };
}

type InputType = 'JSON' | 'XML' | 'URL' | 'URLRESTFUL';

/** The content types with which the original sends JSON input as a form; of the first, every spelling is taken. */
function wireOf(input: InputType, contentType: string | undefined): Pick<CallDefinition, 'body' | 'wire'> {
  if (input === 'XML') return { body: 'form', wire: 'corebos-form' };
  if (input === 'URL') return { body: 'none', wire: 'corebos-query' };
  const asForm =
    /^application\/x-www-form-urlencoded\s*(?:;|$)/iu.test(contentType ?? '') || isMislabelled(contentType);
  return { body: asForm ? 'form' : 'json', wire: input === 'JSON' ? 'corebos-json' : 'corebos-restful' };
}

/** Content types under which the original sends the body of a form all the same. */
function isMislabelled(contentType: string | undefined): boolean {
  return contentType === 'multipart/form-data' || contentType === 'text/plain';
}

function warnOfForm(open: LegacyElement, contentType: string | undefined): void {
  const header = open.child('wsheader');
  if (header === undefined || !isMislabelled(contentType)) return;
  open.at.warningAt(
    { range: header.element.nameRange },
    'COREBOS_BODY_IS_FORM',
    `the body is sent as application/x-www-form-urlencoded, although the header says ${contentType}`,
    'say Content-type application/x-www-form-urlencoded, or use a native map with the body it needs',
  );
}

/** One of a few words. Another letter case and absence are warned of, anything else is an error (undefined). */
function readWord<const T extends string>(
  open: LegacyElement,
  name: string,
  words: readonly T[],
  fallback: T,
): T | undefined {
  const written = open.filled(name);
  if (written === undefined) {
    warnOfMissing(open, name, fallback);
    return fallback;
  }
  const exact = words.find((word) => word === written.value);
  if (exact !== undefined) return exact;
  const near = words.find((word) => word === written.value.toUpperCase());
  if (near !== undefined) {
    open.at.warningAt(written, 'COREBOS_VALUE_CASE', `${name} is ${near}, in capitals; the original does nothing here`);
    return near;
  }
  const hint = didYouMean(written.value, words) ?? `one of ${words.join(', ')}`;
  open.at.errorAt(written, 'COREBOS_VALUE_UNKNOWN', `${quoted(written.value)} is no ${name}`, hint);
  return undefined;
}

function warnOfMissing(open: LegacyElement, name: string, fallback: string): void {
  const range = (open.child(name) ?? open.at).element.nameRange;
  open.at.warningAt({ range }, 'COREBOS_SETTING_MISSING', `no ${name} is given; taken as ${fallback}`);
}

function readFormat(open: LegacyElement): WsConfig['format'] {
  const written = open.filled('outputtype');
  const format = written?.value.toLowerCase();
  if (format !== 'json' && format !== 'xml') {
    const range = (written ?? open.at.element).range;
    const shown = written === undefined ? { range: open.at.element.nameRange } : { range };
    open.at.warningAt(shown, 'COREBOS_OUTPUT_IGNORED', 'outputtype is neither JSON nor XML, so no answer is read');
    return undefined;
  }
  if (written !== undefined && written.value !== format.toUpperCase()) {
    open.at.warningAt(written, 'COREBOS_VALUE_CASE', `outputtype is ${format.toUpperCase()}, in capitals`);
  }
  return format;
}

function readMethod(open: LegacyElement): string | undefined {
  const written = open.filled('wshttpmethod');
  if (written === undefined) {
    warnOfMissing(open, 'wshttpmethod', 'GET');
    return 'GET';
  }
  if (!/^[A-Za-z]{1,20}$/u.test(written.value)) {
    open.at.errorAt(written, 'COREBOS_VALUE_UNKNOWN', `${quoted(written.value)} is no HTTP method`);
    return undefined;
  }
  const method = written.value.toUpperCase();
  if (method !== written.value) tellMethodCase(open, written, method);
  return method;
}

function tellMethodCase(open: LegacyElement, written: SourceText, method: string): void {
  open.at.log.info({
    code: 'COREBOS_METHOD_CASE',
    message: `the method is sent as ${method}`,
    range: written.range,
    path: open.at.path,
  });
}

function readTimeouts(open: LegacyElement): CallTimeouts {
  const written = open.filled('wsresponsetime');
  const inherited = { connectMs: undefined, totalMs: undefined };
  if (written === undefined) return inherited;
  const seconds = /^[0-9]{1,6}(?:\.[0-9]{1,3})?$/u.test(written.value) ? Number(written.value) : 0;
  if (seconds > 0) return { connectMs: undefined, totalMs: Math.round(seconds * 1000) };
  open.at.warningAt(written, 'COREBOS_TIMEOUT_INVALID', `${quoted(written.value)} is no number of seconds; not used`);
  return inherited;
}

function readBasic(open: LegacyElement): { readonly user: SourceText; readonly password: SourceText } | undefined {
  const user = open.filled('wsuser');
  const password = open.filled('wspass');
  return user === undefined || password === undefined ? undefined : { user, password };
}

function warnOfIgnored(open: LegacyElement): void {
  for (const [name, hint] of Object.entries(IGNORED)) {
    const text = open.filled(name);
    if (text === undefined) continue;
    open.at.warningAt(text, 'COREBOS_SETTING_IGNORED', `${name} has no effect in this version`, hint);
  }
}

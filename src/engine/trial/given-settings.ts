import { MapwrightError } from '../../core/error.ts';
import { COMPRESSIONS, type NetworkRules, REDIRECTS, TLS_VERSIONS } from '../../core/network.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import { compileTemplate, type Template } from '../../expression/template.ts';

/** One thing that a call can be set to. */
interface CallSetting {
  readonly name: string;
  /** What it takes, for messages. */
  readonly takes: string;
  /** The map with it; undefined when the text is not what it takes. */
  readonly apply: (map: CompiledMap, text: string) => CompiledMap | undefined;
}

/** Everything that a call can be set to, by name. */
export const CALL_SETTINGS: readonly CallSetting[] = [
  { name: 'url', takes: 'an http or https address, without a login or #', apply: withUrl },
  { name: 'path', takes: 'what follows the address, with {name} of parameters', apply: withPath },
  { name: 'method', takes: 'a method such as GET', apply: withMethod },
  { name: 'content-type', takes: 'a media type', apply: (map, text) => withCall(map, { contentType: text }) },
  { name: 'timeout.connect', takes: 'a duration such as 500ms or 5s', apply: timeout('connectMs') },
  { name: 'timeout.read', takes: 'a duration such as 500ms or 5s', apply: timeout('readMs') },
  { name: 'timeout.total', takes: 'a duration such as 500ms or 5s', apply: timeout('totalMs') },
  { name: 'expect.status', takes: 'statuses such as 200 or "2xx 404"', apply: withStatuses },
  { name: 'network.proxy', takes: 'the address of a proxy, or none', apply: withProxy },
  { name: 'network.verify', takes: 'true or false', apply: network(truth, 'verify') },
  { name: 'network.http2', takes: 'true or false', apply: network(truth, 'http2') },
  { name: 'network.min-tls', takes: TLS_VERSIONS.join(' or '), apply: network(choice(TLS_VERSIONS), 'minTls') },
  { name: 'network.redirects', takes: REDIRECTS.join(', '), apply: network(choice(REDIRECTS), 'redirects') },
  { name: 'network.compression', takes: COMPRESSIONS.join(', '), apply: network(choice(COMPRESSIONS), 'compression') },
];

/** The map set to these. Throws TRIAL_SETTING_UNKNOWN with the names that there are, and TRIAL_SETTING_INVALID. */
export function withSettings(map: CompiledMap, given: Readonly<Record<string, string>>): CompiledMap {
  let set = map;
  for (const [name, text] of Object.entries(given)) set = withSetting(set, name, text.trim());
  return set;
}

function withSetting(map: CompiledMap, name: string, text: string): CompiledMap {
  const setting = CALL_SETTINGS.find((one) => one.name === name);
  if (setting === undefined) {
    const names = CALL_SETTINGS.map((one) => one.name);
    throw new MapwrightError('TRIAL_SETTING_UNKNOWN', `a call has nothing called "${name}" to be set`, {
      hint: `${didYouMean(name, names) ?? ''} there are: ${names.join(', ')}; a setting of the install is --setting`.trim(),
    });
  }
  const applied = setting.apply(map, text);
  if (applied !== undefined) return applied;
  throw new MapwrightError('TRIAL_SETTING_INVALID', `${name} cannot be "${text}"`, {
    hint: `it takes ${setting.takes}`,
  });
}

type Call = CompiledMap['document']['call'];

function withCall(map: CompiledMap, parts: Partial<Call>): CompiledMap {
  return { ...map, document: { ...map.document, call: { ...map.document.call, ...parts } } };
}

function withUrl(map: CompiledMap, text: string): CompiledMap | undefined {
  const address = /^https?:\/\//iu.test(text) ? URL.parse(text) : null;
  // Nothing of the path that follows would be left behind a # or ?; a login is a credential's.
  if (address === null || text.includes('#') || address.username !== '' || address.password !== '') return undefined;
  if (text.includes('?') && map.path !== undefined) return undefined;
  const url: Template = { text, references: [], isLiteral: true, evaluate: async () => text };
  const { service } = map;
  return {
    ...map,
    ...(map.document.dialect === 'native'
      ? { url }
      : { legacyUrl: { describe: 'given', references: [], evaluate: async () => text } }),
    // A credential may go by it too.
    ...(service === undefined ? {} : { service: { ...service, url } }),
  };
}

function withPath(map: CompiledMap, text: string): CompiledMap | undefined {
  if (map.document.dialect !== 'native') return undefined;
  const compiled = compileTemplate(text, { kind: 'path' });
  return compiled.ok ? { ...map, path: compiled.value } : undefined;
}

function withMethod(map: CompiledMap, text: string): CompiledMap | undefined {
  return /^[A-Za-z]{1,20}$/u.test(text) ? withCall(map, { method: text.toUpperCase() }) : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function timeout(which: 'connectMs' | 'readMs' | 'totalMs'): CallSetting['apply'] {
  return (map, text) => {
    const [, count, unit = ''] = /^([1-9]\d{0,5})(ms|s|m|h)$/u.exec(text) ?? [];
    const unitMs = UNIT_MS[unit];
    if (count === undefined || unitMs === undefined) return undefined;
    return withCall(map, { timeouts: { ...map.document.call.timeouts, [which]: Number(count) * unitMs } });
  };
}

function withStatuses(map: CompiledMap, text: string): CompiledMap | undefined {
  const statuses = text.split(/\s+/u);
  if (!statuses.every((status) => /^[1-5](?:\d\d|xx)$/u.test(status))) return undefined;
  const nowhere = { line: 1, column: 1, offset: 0 };
  const document = {
    statuses,
    when: undefined,
    code: undefined,
    message: undefined,
    range: { start: nowhere, end: nowhere },
  };
  const others = map.expectations.map((one) => ({ ...one, document: { ...one.document, statuses: undefined } }));
  return { ...map, expectations: [{ document, when: undefined, code: undefined, message: undefined }, ...others] };
}

function withRules(map: CompiledMap, rules: NetworkRules): CompiledMap | undefined {
  const { network: own } = map;
  const document = own?.document ?? map.service?.network?.document ?? NO_NETWORK;
  const references = own?.references ?? [];
  return {
    ...map,
    network: { document, references, evaluate: async (scope) => ({ ...(await own?.evaluate(scope)), ...rules }) },
  };
}

const NO_NETWORK = {
  proxy: undefined,
  proxyCredential: undefined,
  authority: undefined,
  minTls: undefined,
  verify: undefined,
  redirects: undefined,
  connections: undefined,
  http2: undefined,
  compression: undefined,
};

function network<K extends keyof NetworkRules>(
  read: (text: string) => NetworkRules[K] | undefined,
  name: K,
): CallSetting['apply'] {
  return (map, text) => {
    const value = read(text);
    return value === undefined ? undefined : withRules(map, { [name]: value });
  };
}

function truth(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function choice<T extends string>(names: readonly T[]): (text: string) => T | undefined {
  return (text) => names.find((name) => name === text);
}

function withProxy(map: CompiledMap, text: string): CompiledMap | undefined {
  if (text === 'none') return withRules(map, { proxy: undefined });
  const isAddress = /^https?:\/\/[^/@\s]+\/?$/iu.test(text) && URL.canParse(text);
  return isAddress ? withRules(map, { proxy: { url: text, user: undefined, password: undefined } }) : undefined;
}

import type { SourceText } from '../../core/diagnostic.ts';
import type { NetworkRules, ProxyRules } from '../../core/network.ts';
import type { CredentialDocument } from '../../document/credential.ts';
import type { NetworkPart } from '../../document/network.ts';
import type { Reference } from '../../expression/compiled.ts';
import type { TemplateEnvironment } from '../../expression/environment.ts';
import { noEscape } from '../../expression/escape.ts';
import type { Template } from '../../expression/template.ts';
import { checkReferences } from '../check-names.ts';
import { type CompileContext, accept, report, resolve } from '../compile-context.ts';
import type { CompiledCredential } from '../credential/compiled-credential.ts';
import type { CompiledNetwork } from './compiled-network.ts';

/** The credentials of a revision: those that compile, and all that are written. */
export interface KnownCredentials {
  readonly credentials: ReadonlyMap<string, CompiledCredential>;
  readonly knownCredentials: ReadonlyMap<string, CredentialDocument>;
}

/** `<network>` with its texts compiled. Tells NETWORK_PROXY, NETWORK_PROXY_CREDENTIAL, NETWORK_AUTHORITY, CREDENTIAL_UNKNOWN. */
export function compileNetwork(
  context: CompileContext,
  file: string,
  document: NetworkPart | undefined,
  known: KnownCredentials,
): CompiledNetwork | undefined {
  if (document === undefined) return undefined;
  const proxy = compileText(context, file, document.proxy);
  const authority = compileText(context, file, document.authority);
  const credential = proxyCredential(context, file, document, known);
  checkLiterals(context, file, document);
  const secrets = credential?.secrets ?? [];
  return {
    document,
    references: [
      ...(proxy?.references ?? []),
      ...(authority?.references ?? []),
      ...secrets.map((name): Reference => ({ root: 'secret', path: [name], offset: 0, length: 0 })),
    ],
    async evaluate(scope) {
      const environment = settingsOnly(scope);
      const url = await proxy?.evaluate(environment, noEscape);
      return {
        ...plainRules(document),
        ...(url === undefined ? {} : { proxy: { url: url.trim(), ...(await loginOf(credential, scope)) } }),
        ...(authority === undefined ? {} : { authority: await authority.evaluate(environment, noEscape) }),
      };
    },
  };
}

/** The rules of both, those of the map standing over those of its service. */
export async function evaluateNetwork(
  parts: readonly (CompiledNetwork | undefined)[],
  scope: Pick<TemplateEnvironment, 'values' | 'secret'>,
): Promise<NetworkRules | undefined> {
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  const rules: NetworkRules[] = [];
  for (const part of given) rules.push(await part.evaluate(scope));
  return Object.assign({}, ...rules) as NetworkRules;
}

/** What has no text, without the members that are not given. */
function plainRules(document: NetworkPart): NetworkRules {
  const { minTls, verify, redirects, connections, http2, compression } = document;
  const told = { minTls, verify, redirects, connections, http2, compression };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

async function loginOf(
  credential: CompiledCredential | undefined,
  { values, secret }: Pick<TemplateEnvironment, 'values' | 'secret'>,
): Promise<Pick<ProxyRules, 'user' | 'password'>> {
  const resolved = await credential?.resolve({
    settings: values.setting,
    secret: async (name) => secret(name),
    user: '',
    serviceUrl: undefined,
  });
  if (resolved?.kind !== 'basic') return { user: undefined, password: undefined };
  return { user: resolved.user, password: resolved.password };
}

function proxyCredential(
  context: CompileContext,
  file: string,
  { proxyCredential: name }: NetworkPart,
  { credentials, knownCredentials }: KnownCredentials,
): CompiledCredential | undefined {
  if (name === undefined) return undefined;
  const among = { file, name, among: knownCredentials, code: 'CREDENTIAL_UNKNOWN', what: 'credential' };
  const document = resolve(context, among);
  if (document !== undefined && document.credentialKind !== 'basic') {
    report(context, {
      code: 'NETWORK_PROXY_CREDENTIAL',
      message: `credential "${document.name}" is of kind ${document.credentialKind}; a proxy takes basic only`,
      hint: 'name a credential of kind basic: <login user="..." secret="..."/>',
      file,
      range: name.range,
    });
  }
  return credentials.get(name.value);
}

function compileText(context: CompileContext, file: string, text: SourceText | undefined): Template | undefined {
  if (text === undefined) return undefined;
  const template = accept(context, file, text, context.texts.template(text.value, 'origin'));
  if (template === undefined) return undefined;
  const { references } = template;
  checkReferences(context, { file, text, references, module: undefined, missingFieldIs: 'error' });
  return template;
}

/** What is written out can be judged here; what comes from a setting is judged when it is used. */
function checkLiterals(context: CompileContext, file: string, { proxy, authority }: NetworkPart): void {
  if (proxy !== undefined && !proxy.value.includes('{') && !isProxyAddress(proxy.value)) {
    report(context, {
      code: 'NETWORK_PROXY',
      message: 'this is not the address of a proxy',
      hint: 'proxy="http://proxy.example.com:3128", its login in a credential: proxy-credential="..."',
      file,
      range: proxy.range,
    });
  }
  if (
    authority !== undefined &&
    !authority.value.includes('{') &&
    !authority.value.includes('-----BEGIN CERTIFICATE')
  ) {
    report(context, {
      code: 'NETWORK_AUTHORITY',
      message: 'there is no certificate in this text',
      hint: 'give PEM, -----BEGIN CERTIFICATE----- ..., or the setting that holds it: authority="{setting.company_ca}"',
      file,
      range: authority.range,
    });
  }
}

function isProxyAddress(text: string): boolean {
  const url = /^https?:\/\//iu.test(text.trim()) ? URL.parse(text.trim()) : null;
  return url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
}

function settingsOnly({ values }: Pick<TemplateEnvironment, 'values'>): TemplateEnvironment {
  return {
    values: {
      record: {},
      previous: {},
      changed: [],
      context: {},
      input: {},
      user: {},
      run: {},
      setting: values.setting,
    },
    ambience: { now: 0, timeZone: 'UTC', seed: '' },
    parameter: () => undefined,
    secret: () => undefined,
    step: {},
    related: {},
  };
}

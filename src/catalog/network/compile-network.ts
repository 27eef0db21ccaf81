import type { NetworkRules, ProxyRules } from '../../core/network.ts';
import type { CredentialDocument } from '../../document/credential.ts';
import type { NetworkPart } from '../../document/network.ts';
import type { Reference } from '../../expression/compiled.ts';
import type { TemplateEnvironment } from '../../expression/environment.ts';
import { noEscape } from '../../expression/escape.ts';
import { type CompileContext, report, resolve } from '../compile-context.ts';
import type { CompiledCredential } from '../credential/compiled-credential.ts';
import { compileSettingText, settingEnvironment } from '../setting-text.ts';
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
  const proxy = document.proxy && compileSettingText(context, file, document.proxy);
  const authority = document.authority && compileSettingText(context, file, document.authority);
  const credential = proxyCredential(context, file, document, known);
  checkLiterals(context, file, document);
  const secrets = credential?.secrets ?? [];
  const rules = plainRules(document);
  return {
    document,
    references: [
      ...(proxy?.references ?? []),
      ...(authority?.references ?? []),
      ...secrets.map((name): Reference => ({ root: 'secret', path: [name], offset: 0, length: 0 })),
    ],
    async evaluate(scope) {
      // The same object each time: what is worked out of it is worked out once.
      if (proxy === undefined && authority === undefined) return rules;
      const environment = settingEnvironment(scope.values.setting);
      const url = await proxy?.evaluate(environment, noEscape);
      return {
        ...rules,
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
  if (rules.length === 1) return rules[0];
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

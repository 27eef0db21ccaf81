import type { Located, SourceText } from '../../core/diagnostic.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { CredentialDocument, TokenParameter } from '../../document/credential.ts';
import type { Reference } from '../../expression/compiled.ts';
import type { Template } from '../../expression/template.ts';
import { type CompileContext, report } from '../compile-context.ts';
import { compileSettingText } from '../setting-text.ts';
import type { CompiledCredential } from './compiled-credential.ts';
import { keepingLatest } from './latest-resolution.ts';
import { resolveCredential } from './resolve-credential.ts';

/** What may stand in the text that an HMAC covers. */
const SIGNED_NAMES = [
  'method',
  'url',
  'path',
  'query',
  'host',
  'body',
  'body-sha256',
  'timestamp',
  'timestamp-ms',
  'date',
  'iso-date',
  'nonce',
] as const;

/** The credential with its texts compiled; undefined when one of them cannot be. */
export function compileCredential(
  context: CompileContext,
  document: CredentialDocument,
): CompiledCredential | undefined {
  const before = context.problems.errorCount;
  const texts = new Map<SourceText, Template>();
  for (const text of textsOf(document)) {
    const template = compileSettingText(context, document.file, text);
    if (template !== undefined) texts.set(text, template);
  }
  const secrets = secretsOf(document);
  for (const secret of secrets) checkSecret(context, document.file, secret);
  noteParameters(context, document);
  checkSignature(context, document);
  if (context.problems.errorCount > before) return undefined;
  const names = [...new Set(secrets.map(({ value }) => value))];
  return {
    name: document.name,
    document,
    secrets: names,
    references: [
      ...[...texts.values()].flatMap(({ references }) => references),
      ...settingsOf(document).map((name) => reading('setting', name)),
      ...names.map((name) => reading('secret', name)),
    ],
    resolve: keepingLatest(names, (values) => resolveCredential({ document, texts, values })),
  };
}

/** Every text that may hold `{setting.x}`. */
function textsOf(document: CredentialDocument): SourceText[] {
  const { login, key, authorization, token, client, assertion, aws } = document;
  return [
    login?.user,
    key?.keyId,
    authorization?.url,
    token?.url,
    document.refreshUrl,
    document.redirectUrl,
    client?.id,
    document.audience,
    assertion.issuer,
    assertion.subject,
    assertion.audience,
    aws?.accessKey,
    aws?.region,
    aws?.service,
    document.sessionUrl,
  ].filter((text) => text !== undefined);
}

function secretsOf(document: CredentialDocument): Located<string>[] {
  const { login, key, certificate, authorization, token, client, aws } = document;
  const parameters = [...(authorization?.parameters ?? []), ...(token?.parameters ?? [])];
  return [
    login?.secret,
    key?.secret,
    certificate?.secret,
    certificate?.key,
    certificate?.passphrase,
    client?.secret,
    aws?.secret,
    aws?.sessionToken,
    ...parameters.map(secretOfParameter),
  ].filter((name) => name !== undefined);
}

function reading(root: 'setting' | 'secret', name: string): Reference {
  return { root, path: [name], offset: 0, length: 0 };
}

/** Settings that are named, besides those that stand in texts. */
function settingsOf({ authorization, token }: CredentialDocument): string[] {
  const parameters = [...(authorization?.parameters ?? []), ...(token?.parameters ?? [])];
  return parameters.flatMap(({ value }) => (value.kind === 'setting' ? [value.name.value] : []));
}

function secretOfParameter({ value }: TokenParameter): Located<string> | undefined {
  return value.kind === 'secret' ? value.name : undefined;
}

/** Settings that are named besides those that stand in texts, for those who ask what documents name. */
function noteParameters({ uses }: CompileContext, document: CredentialDocument): void {
  const offset = document.nameAt.range.start.offset;
  for (const name of settingsOf(document)) uses?.note({ kind: 'setting', name, file: document.file, offset });
}

/** Tells SECRET_NOT_SET: no reason to refuse the document. */
function checkSecret(
  { stored, problems, uses }: CompileContext,
  file: string,
  { value: name, range }: Located<string>,
): void {
  uses?.note({ kind: 'secret', name, file, offset: range.start.offset });
  if (stored === undefined || stored.secrets.has(name)) return;
  problems.add({
    code: 'SECRET_NOT_SET',
    message: `the secret "${name}" has no value in this install`,
    hint: `mapwright secret set ${name}`,
    severity: 'warning',
    file,
    range,
  });
}

/** Tells CREDENTIAL_SIGNATURE. */
function checkSignature(context: CompileContext, { file, signature: { covers } }: CredentialDocument): void {
  for (const match of covers?.value.matchAll(/\{([a-z][a-z0-9-]*)\}/gu) ?? []) {
    const name = match[1] ?? '';
    if (covers === undefined || (SIGNED_NAMES as readonly string[]).includes(name)) continue;
    report(context, {
      code: 'CREDENTIAL_SIGNATURE',
      message: `nothing of a request is called {${name}}`,
      hint: didYouMean(name, SIGNED_NAMES) ?? `there are: ${SIGNED_NAMES.map((known) => `{${known}}`).join(' ')}`,
      file,
      range: { start: covers.positionAt(match.index), end: covers.positionAt(match.index + match[0].length) },
    });
  }
}

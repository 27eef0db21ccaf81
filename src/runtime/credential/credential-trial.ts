import { type Diagnostic, hasErrors } from '../../core/diagnostic.ts';
import type { Connector } from '../../core/call.ts';
import { NOT_CONNECTED, type TokenStore } from '../../core/credential.ts';
import { MapwrightError } from '../../core/error.ts';
import type { IdentityStore } from '../../core/identity-store.ts';
import type { Sealer } from '../../core/secret-store.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompiledCredential } from '../../catalog/credential/compiled-credential.ts';
import { briefTokens } from '../../connector/credential/brief-tokens.ts';
import { createCredentialedConnector } from '../../connector/credential/credentialed-connector.ts';
import { openToken } from '../../connector/credential/held-token.ts';
import { TokenKeeper } from '../../connector/credential/token-keeper.ts';
import type { Engine } from '../../engine/engine.ts';
import { tryMap } from '../../engine/try-map.ts';
import { readFiles } from '../check.ts';
import type { DocumentLibrary } from '../document-library.ts';
import { userNamed } from '../user-named.ts';
import type { CredentialTrial, CredentialTrialParams } from './credential-administration.ts';
import { judgeTrial } from './credential-verdict.ts';
import { credentialNamed, servicesWith } from './resolved-credential.ts';
import { TRIED, trialDocuments } from './trial-document.ts';

export interface TrialParts {
  readonly library: Pick<DocumentLibrary, 'draft'>;
  readonly engine: Engine;
  readonly identities: Pick<IdentityStore, 'users' | 'userByName'>;
  readonly tokens: TokenStore;
  readonly sealer: Sealer;
}

/** Makes the call by which one sees whether a credential works, as the calls of its service are made. */
export async function testCredential(parts: TrialParts, params: CredentialTrialParams): Promise<CredentialTrial> {
  const { library, engine } = parts;
  const given = await library.draft(params.documents);
  const diagnostics = given.diagnostics.filter(({ file }) =>
    params.documents.some((document) => document.file === file),
  );
  // Where one of them cannot be read, what is in force would be tried in its place.
  if (hasErrors(diagnostics)) return untried(params, diagnostics);
  const name = params.name ?? soleCredential(params);
  const compiled = credentialNamed(given.catalog, name);
  const service = params.url === undefined ? serviceFor(given.catalog, compiled, params.service) : undefined;
  const user = await userFor(parts, compiled, params.user);
  const own = trialDocuments(compiled, { service, url: params.url });
  const { catalog, diagnostics: found } = await library.draft([...params.documents, own]);
  const isSaved = params.documents.length === 0;
  const caller = await callerFor(parts, { compiled, subject: user?.id ?? '', isSaved });
  const startedAt = engine.clock.now();
  try {
    const trial = await tryMap(
      { ...engine, connector: caller.connector, ...(user === undefined ? {} : { serviceUser: user }) },
      { catalog, map: TRIED, record: {}, context: {}, send: true },
    );
    const { request, answer, failure } = trial;
    const token = failure?.code === NOT_CONNECTED ? undefined : await caller.token();
    const verdict = judgeTrial(trial, { compiled, hasToken: token !== undefined });
    return {
      diagnostics,
      credential: name,
      ...(service === undefined ? {} : { service }),
      ...verdict,
      ...(token === undefined ? {} : { token }),
      request,
      answer,
      failure,
      durationMs: Math.max(0, engine.clock.now() - startedAt),
    };
  } catch (thrown) {
    throw addressRefused(
      thrown,
      found.filter(({ file }) => file === own.file).find(({ severity }) => severity === 'error')?.message,
    );
  } finally {
    await caller.close();
  }
}

function untried({ name = '' }: CredentialTrialParams, diagnostics: readonly Diagnostic[]): CredentialTrial {
  const nothing = { request: undefined, answer: undefined, failure: undefined, durationMs: 0 };
  const why = 'nothing was tried: the documents have errors';
  return { diagnostics, credential: name, verdict: 'failed', why, ...nothing };
}

/** Of documents that are not applied, one alone needs no name. Throws CREDENTIAL_TEST_NAME. */
function soleCredential({ documents }: CredentialTrialParams): string {
  const names = readFiles(documents).documents.flatMap(({ kind, name }) => (kind === 'credential' ? [name] : []));
  const [name, ...others] = names;
  if (name !== undefined && others.length === 0) return name;
  const what =
    name === undefined
      ? 'the documents hold no credential that could be read'
      : 'the documents hold several credentials';
  const hint =
    name === undefined ? 'mapwright check FILE tells what is wrong in them' : `name one of: ${names.join(', ')}`;
  throw new MapwrightError('CREDENTIAL_TEST_NAME', what, { hint });
}

/** The service whose calls are tried. Throws CREDENTIAL_TEST_ADDRESS. */
function serviceFor(catalog: Catalog, { name, document }: CompiledCredential, wanted: string | undefined): string {
  const named = wanted ?? document.test?.service?.value;
  if (named === undefined) {
    const [first] = servicesWith(catalog, name);
    if (first !== undefined) return first.name;
    throw noAddress(`no service names credential "${name}": nobody would be called`);
  }
  const service = catalog.services.get(named);
  if (service === undefined)
    throw noAddress(`there is no service "${named}"`, didYouMean(named, catalog.services.keys()));
  if (service.credential?.name === name) return named;
  throw noAddress(`service "${named}" does not name credential "${name}"`);
}

function noAddress(
  message: string,
  hint = 'name a service with --service, or an address with --address',
): MapwrightError {
  return new MapwrightError('CREDENTIAL_TEST_ADDRESS', message, { hint });
}

type Person = { readonly id: string; readonly name: string };

/** Rejects with CREDENTIAL_USER_NEEDED or USER_UNKNOWN. */
async function userFor(
  { identities }: TrialParts,
  { name, document }: CompiledCredential,
  user: string | undefined,
): Promise<Person | undefined> {
  if (document.isShared) return undefined;
  if (user !== undefined) return userNamed(identities as IdentityStore, user);
  throw new MapwrightError('CREDENTIAL_USER_NEEDED', `everybody has a token of their own of credential "${name}"`, {
    hint: `say whose: mapwright credential test ${name} --user NAME`,
  });
}

interface TrialCaller {
  readonly connector: Connector;
  /** Whether the call carried a token, and where that came from. */
  token(): Promise<CredentialTrial['token']>;
  close(): Promise<void>;
}

/**
 * A token that needs nobody is got anew, so that what is tried are the secrets as they are now, and kept nowhere. One that a
 * person gave is used as it is kept, and renewed as for every call; for a document that is not applied it is only used.
 */
async function callerFor(
  { engine, tokens, sealer }: TrialParts,
  {
    compiled,
    subject,
    isSaved,
  }: { readonly compiled: CompiledCredential; readonly subject: string; readonly isSaved: boolean },
): Promise<TrialCaller> {
  const { clock } = engine;
  const isSignIn = compiled.document.credentialKind === 'oauth2-authorization-code';
  if (isSignIn && isSaved) {
    return { connector: engine.connector, token: async () => 'kept', close: async () => undefined };
  }
  const row = isSignIn ? await tokens.get({ credential: compiled.name, subject }) : undefined;
  const held = openToken(sealer, row?.sealed);
  const usable = held && { ...held, refresh: undefined };
  const brief = briefTokens(row && usable ? [{ ...row, sealed: sealer.seal(JSON.stringify(usable)) }] : []);
  const keeper = new TokenKeeper({ tokens: brief, sealer, clock });
  const bare: Connector = {
    send: (request, control) => engine.connector.send({ ...request, credential: undefined }, control),
    close: async () => undefined,
  };
  const connector = createCredentialedConnector(withCertificates(bare, engine.connector), { keeper, clock });
  return {
    connector,
    async token() {
      if (isSignIn) return 'kept';
      return (await brief.list()).some(({ sealed }) => sealed !== undefined) ? 'got' : undefined;
    },
    close: () => connector.close(),
  };
}

/** A certificate is presented by the connection itself: it stays with the request. */
function withCertificates(bare: Connector, whole: Connector): Connector {
  return {
    ...bare,
    send: (request, control) =>
      (request.credential?.kind === 'client-certificate' ? whole : bare).send(request, control),
  };
}

/** A map that could not be made, because of the address, says nothing to whoever gave the address. */
function addressRefused(thrown: unknown, why: string | undefined): unknown {
  if (!(thrown instanceof MapwrightError) || thrown.code !== 'MAP_UNKNOWN' || why === undefined) return thrown;
  return new MapwrightError('CREDENTIAL_TEST_ADDRESS', why, {
    hint: 'give an address such as https://api.example.com/me',
  });
}

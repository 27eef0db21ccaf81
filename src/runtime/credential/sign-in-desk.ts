import type { AuditStore } from '../../core/audit.ts';
import type { Connector } from '../../core/call.ts';
import type { TokenStore } from '../../core/credential.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { type IdentityStore, personName } from '../../core/identity-store.ts';
import type { FinishedSignIn, SignIn, SignInDesk, SignInReturn } from '../../core/sign-in.ts';
import { requireIssuer } from '../../connector/credential/authorization-issuer.ts';
import { fingerprintOf } from '../../connector/credential/token-fingerprint.ts';
import type { TokenKeeper } from '../../connector/credential/token-keeper.ts';
import { TokenError } from '../../connector/credential/token-error.ts';
import { providerWords } from '../../connector/credential/provider-words.ts';
import { credentialNamed, resolveFor, signedInFor } from './resolved-credential.ts';
import { type BeginningParts, openSignIn } from './sign-in-begin.ts';
import { idOf, namesOfTicket, stateOf } from './sign-in-ticket.ts';
import { changedMeanwhile, otherBrowser, over, underWay, unknownSignIn } from './sign-in-refusal.ts';

export interface DeskParts extends BeginningParts {
  readonly identities: Pick<IdentityStore, 'userById'>;
  readonly tokens: TokenStore;
  readonly audit: AuditStore;
  readonly keeper: TokenKeeper;
  readonly connector: Connector;
  /** Runs may wait for the token. */
  readonly onConnected: () => void;
}

/** The process stops. */
const GIVEN_UP = 'CALL_ABORTED';

/** Longer than an exchange may take. */
const EXCHANGE_MS = 30_000;

/** What browsers ask of the sign-ins of an install, on any of its nodes. */
export function createSignInDesk(parts: DeskParts): SignInDesk {
  return {
    async look(ticket) {
      const signIn = await openOne(parts, namesOfTicket(ticket).id);
      const { url, redirectUrl } = openSignIn(parts.sealer, signIn);
      return {
        id: signIn.id,
        credential: labelOf(parts, signIn),
        person: await personOf(parts, signIn),
        by: signIn.by,
        startedAt: signIn.startedAt,
        leftMs: signIn.expiresAt - parts.clock.now(),
        providerUrl: url,
        isSecure: redirectUrl.startsWith('https:'),
      };
    },
    finish: (returned) => finish(parts, returned),
  };
}

async function finish(parts: DeskParts, returned: SignInReturn): Promise<FinishedSignIn> {
  const { state } = returned;
  if (state === undefined) throw unknownSignIn();
  const signIn = await parts.signIns.get(idOf(state));
  if (signIn === undefined) throw unknownSignIn();
  // Before anything is used up: whoever was handed the address of somebody else takes nothing from them.
  const ticket = returned.ticketOf(signIn.id);
  if (ticket === undefined || stateOf(ticket) !== state) throw otherBrowser();
  const finished = { credential: labelOf(parts, signIn), person: await personOf(parts, signIn) };
  if (signIn.state === 'connected') return finished;
  if (signIn.state === 'failed') throw over(signIn.problem);
  const now = parts.clock.now();
  if (signIn.expiresAt <= now) throw over(signIn.problem);
  const until = now + EXCHANGE_MS;
  if (!(await parts.signIns.take({ id: signIn.id, at: now, until }))) throw underWay();
  await exchange(parts, { signIn, returned, until, person: finished.person });
  return finished;
}

interface Taken {
  readonly signIn: SignIn;
  readonly returned: SignInReturn;
  /** Until then nobody else exchanges the code. */
  readonly until: number;
  readonly person: string | undefined;
}

/** In the audit under the name of whoever began it, written before anything is changed. */
async function exchange(parts: DeskParts, taken: Taken): Promise<void> {
  const { signIns, audit, clock } = parts;
  const { signIn, returned, until, person } = taken;
  const entry = await audit.begin({
    at: clock.now(),
    by: signIn.by,
    kind: signIn.by.startsWith('token:') ? 'token' : 'user',
    from: returned.from,
    action: 'finishSignIn',
    target: person === undefined ? signIn.credential : `${signIn.credential}/${person}`,
    detail: {},
  });
  try {
    if (!(await isConnectedSince(parts, signIn))) await getToken(parts, taken);
  } catch (thrown) {
    const problem = thrown instanceof TokenError ? thrown.words : messageOf(thrown);
    const isOver = !(thrown instanceof MapwrightError) || !(thrown.retryable || thrown.code === GIVEN_UP);
    const outcome = { state: isOver ? ('failed' as const) : ('open' as const), problem };
    // When this cannot be kept, nobody takes it before its time is up, and what is told is why there is no token.
    await signIns.end({ id: signIn.id, until, outcome }).catch(() => undefined);
    const code = thrown instanceof MapwrightError ? thrown.code : 'API_FAILED';
    await audit.end({ id: entry, outcome: 'refused', code }).catch(() => undefined);
    throw thrown;
  }
  await signIns.end({ id: signIn.id, until, outcome: { state: 'connected' } });
  await audit.end({ id: entry, outcome: 'done' }).catch(() => undefined);
  parts.onConnected();
}

/**
 * Whoever took it before may have died after the token was kept: the code is not exchanged again, for which a provider may take
 * the token back (RFC 6749 section 4.1.2).
 */
async function isConnectedSince(
  { tokens }: Pick<DeskParts, 'tokens'>,
  { credential, subject, startedAt, takenUntil }: SignIn,
): Promise<boolean> {
  if (takenUntil === undefined) return false;
  const row = await tokens.get({ credential, subject });
  return row?.sealed !== undefined && row.connectedAt !== undefined && row.connectedAt >= startedAt;
}

async function getToken(parts: DeskParts, { signIn, returned }: Taken): Promise<void> {
  const { clock, keeper, connector } = parts;
  const { code, error, errorDescription, issuer } = returned;
  if (error !== undefined || code === undefined) throw refused(signIn, error, errorDescription);
  await requireActive(parts, signIn);
  const compiled = credentialNamed(parts.catalog(), signIn.credential);
  const { credential, network } = await resolveFor(parts, parts.catalog(), { compiled, subject: signIn.subject });
  const { codeVerifier, redirectUrl, fingerprint } = openSignIn(parts.sealer, signIn);
  const asked = signedInFor(credential);
  // Nobody else is told the code, and nobody's own account becomes that of all.
  if (asked.subject !== signIn.subject || fingerprintOf(asked) !== fingerprint) {
    throw changedMeanwhile(signIn.credential);
  }
  requireIssuer(asked, signIn.credential, issuer);
  const { exchangeCode } = await import('../../connector/credential/oauth-authorization.ts');
  await exchangeCode(credential, { code, codeVerifier, redirectUrl }, { keeper, connector, clock, network });
  await requireActive(parts, signIn).catch(async (thrown: unknown) => {
    await parts.tokens.remove({ credential: signIn.credential, subject: signIn.subject });
    throw thrown;
  });
}

function refused({ credential }: SignIn, error: string | undefined, description: string | undefined): MapwrightError {
  const told = { error: error ?? 'neither a code nor an error came back', error_description: description ?? null };
  const words = providerWords(told, (text) => text) ?? 'it said nothing';
  return new MapwrightError(
    'CREDENTIAL_REFUSED',
    `the provider gives no token for credential "${credential}": ${words}`,
    {
      hint: `begin again: mapwright credential connect ${credential}`,
    },
  );
}

/** Whoever has left meanwhile connects nothing any more. */
async function requireActive({ identities }: DeskParts, { subject, credential }: SignIn): Promise<void> {
  const user = subject === '' ? undefined : await identities.userById(subject);
  if (subject === '' || user?.active === true) return;
  throw new MapwrightError('USER_INACTIVE', `whoever was to connect credential "${credential}" is no longer active`);
}

async function openOne({ signIns, clock }: DeskParts, id: string): Promise<SignIn> {
  const signIn = await signIns.get(id);
  if (signIn === undefined) throw unknownSignIn();
  const isOver = signIn.state === 'connected' || signIn.state === 'failed' || signIn.expiresAt <= clock.now();
  if (isOver) throw over(signIn.problem);
  return signIn;
}

function labelOf({ catalog }: DeskParts, { credential }: SignIn): string {
  return catalog().credentials.get(credential)?.document.label ?? credential;
}

async function personOf({ identities }: DeskParts, { subject }: SignIn): Promise<string | undefined> {
  if (subject === '') return undefined;
  const user = await identities.userById(subject);
  return user === undefined ? subject : personName(user);
}

import { isJsonObject } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import type { Failure } from '../../core/run.ts';
import type { RecordedAnswer } from '../../core/step.ts';
import type { CompiledCredential } from '../../catalog/credential/compiled-credential.ts';
import { providerWords } from '../../connector/credential/provider-words.ts';
import type { MapTrial } from '../../engine/try-map.ts';
import type { CredentialVerdict } from './credential-administration.ts';

/** What the call says about the credential. */
export interface Verdict {
  readonly verdict: CredentialVerdict;
  readonly why: string;
  readonly hint?: string;
}

/** Who asks for proof, and does not take it. */
const REFUSING = [401, 403, 407];

/** Codes of failures by which the other side, or whoever gives tokens, says no. */
const REFUSALS = ['CREDENTIAL_REFUSED', 'CREDENTIAL_NOT_CONNECTED'];

/** What a trial tells of the credential; texts of it are redacted already. */
export function judgeTrial(
  { answer, failure }: Pick<MapTrial, 'answer' | 'failure'>,
  { compiled, hasToken }: { readonly compiled: CompiledCredential; readonly hasToken: boolean },
): Verdict {
  if (answer === undefined) return judgeFailure(failure, compiled);
  const { status } = answer;
  const words = wordsOf(answer);
  const said = words === undefined ? `status ${status}` : `status ${status}, ${words}`;
  if (REFUSING.includes(status)) {
    return { verdict: 'refused', why: `the other side does not take it: ${said}`, hint: hintOf(compiled) };
  }
  if (failure === undefined) return { verdict: 'works', why: `the other side takes it: status ${status}` };
  if (status >= 200 && status < 300) {
    return { verdict: 'refused', why: `the other side says no: ${failure.message}`, hint: hintOf(compiled) };
  }
  if (status >= 500 || status === 429) return { verdict: 'unclear', why: `the other side cannot tell now: ${said}` };
  if (hasToken && status >= 400) {
    return { verdict: 'works', why: `a token was got, and the other side did not refuse it: ${said}`, hint: TEST_HINT };
  }
  return { verdict: 'unclear', why: `the answer tells nothing about it: ${said}`, hint: TEST_HINT };
}

const TEST_HINT = 'say in the credential which call needs it: <test path="/me"/>';

function judgeFailure(failure: Failure | undefined, compiled: CompiledCredential): Verdict {
  if (failure === undefined) return { verdict: 'failed', why: 'nothing was sent' };
  const { code, message, hint } = failure;
  const advice = hint === undefined ? {} : { hint };
  if (REFUSALS.includes(code)) return { verdict: 'refused', why: message, ...advice };
  if (code === 'CREDENTIAL_NOT_SOAP') {
    const soap = 'try a map that calls SOAP: mapwright run MAP';
    return { verdict: 'unclear', why: `${compiled.document.credentialKind} stands in envelopes of SOAP`, hint: soap };
  }
  return { verdict: 'failed', why: message, ...advice };
}

function hintOf({ name, document, secrets }: CompiledCredential): string {
  if (document.credentialKind === 'oauth2-authorization-code')
    return `connect it again: mapwright credential connect ${name}${document.isShared ? '' : ' --user NAME'}`;
  const [secret] = secrets;
  const again = secret === undefined ? '' : `, or set its secret again: mapwright secret set ${secret}`;
  return `see what the other side knows of it${again}`;
}

/** What the other side says of itself, in a body or a challenge (RFC 6750 section 3). */
function wordsOf({ body, headers }: RecordedAnswer): string | undefined {
  const text = body?.text.trim() ?? '';
  const json = readJson(text);
  const asItIs = (said: string): string => said;
  const told = isJsonObject(json) ? providerWords(json, asItIs) : undefined;
  if (told !== undefined) return told;
  const challenge = headers.find(([name]) => name.toLowerCase() === 'www-authenticate')?.[1] ?? '';
  const described = /error_description="([^"]*)"/u.exec(challenge)?.[1];
  if (described !== undefined) return providerWords(described, asItIs);
  const isShort = text !== '' && text.length <= 200 && !text.startsWith('<') && json === undefined;
  return isShort ? providerWords(text, asItIs) : undefined;
}

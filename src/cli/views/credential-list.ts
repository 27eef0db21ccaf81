import type { CredentialConnection, CredentialEntry, CredentialTrial } from '../../runtime/administration.ts';
import { renderMoment } from '../duration.ts';
import { PAGE_WIDTH, renderTable } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { foldHanging, indent, renderAnswer, renderRequest } from './exchange.ts';

/** All credentials, a line each. */
export function renderCredentials(credentials: readonly CredentialEntry[]): string[] {
  if (credentials.length === 0) return ['no credential is in force'];
  const columns = [
    { title: 'CREDENTIAL' },
    { title: 'KIND' },
    { title: 'SERVICES', gives: true },
    { title: 'STATE', gives: true },
  ];
  const rows = credentials.map((one) => [one.name, one.kind, one.services.join(' '), credentialState(one)]);
  return renderTable(columns, rows);
}

/** How it stands, in a few words. */
function credentialState(entry: CredentialEntry): string {
  const { missing, problem, signIn, shared, connections, connected, unconnected } = entry;
  if (missing.length > 0) return `secrets missing: ${missing.join(' ')}`;
  if (problem !== undefined) return oneLine(problem);
  if (!signIn) return connections.some((one) => one.problem !== undefined) ? 'the last token was refused' : 'ready';
  if (!shared) return `${connected ?? 0} connected, ${unconnected ?? 0} not`;
  const [one] = connections;
  return one === undefined ? 'not connected' : connectionState(one);
}

/** One credential, with everybody who has, or has not, connected. */
export function renderCredential(entry: CredentialEntry): string[] {
  const { name, label, kind, services, shared, signIn, connections, missing, problem } = entry;
  const facts: (readonly [string, string])[] = [
    ['kind', kind],
    ...(signIn ? [['tokens', shared ? 'one, which all share' : 'everybody has their own'] as const] : []),
    ['services', services.length === 0 ? 'none names it' : services.join(' ')],
    ...(missing.length === 0 ? [] : [['missing', `${missing.join(' ')}: mapwright secret set NAME`] as const]),
    ...(problem === undefined ? [] : [['problem', oneLine(problem)] as const]),
  ];
  return [
    label === undefined ? name : `${name}   ${oneLine(label)}`,
    ...indent(facts.flatMap(([title, text]) => foldHanging(`${title.padEnd(9)}${text}`, PAGE_WIDTH - 2))),
    ...(connections.length === 0 ? [] : ['', ...connections.flatMap(renderConnection)]),
  ];
}

function renderConnection(connection: CredentialConnection): string[] {
  const { user, person, since, until, renews, scopes, problem } = connection;
  const name = person ?? user;
  const who = name === undefined ? 'all' : user === undefined || user === name ? name : `${name} (${user})`;
  const details = [
    ...(since === undefined ? [] : [`since ${renderMoment(since)}`]),
    ...(until === undefined ? [] : [`until ${renderMoment(until)}${renews === true ? ', renewed by itself' : ''}`]),
    ...(scopes === undefined || scopes.length === 0 ? [] : [`scopes ${scopes.join(' ')}`]),
  ];
  const head = `${oneLine(who)} ${stateWords(connection, name === undefined)}`;
  return [
    ...foldHanging([head, ...details].join('   '), PAGE_WIDTH),
    ...(problem === undefined ? [] : indent(foldHanging(`last problem: ${oneLine(problem)}`, PAGE_WIDTH - 2))),
  ];
}

function stateWords({ state }: CredentialConnection, isPlural: boolean): string {
  const [has, is] = isPlural ? ['have', 'are'] : ['has', 'is'];
  switch (state) {
    case 'connected':
      return `${is} connected`;
    case 'expired':
      return `${has} to connect again: the token has expired`;
    case 'settings-changed':
      return `${has} to connect again: the credential's settings were changed`;
    case 'none':
      return isPlural ? 'are not connected' : 'has not connected';
  }
}

function connectionState(connection: CredentialConnection): string {
  const { state, since } = connection;
  if (state === 'connected') return since === undefined ? 'connected' : `connected since ${renderMoment(since)}`;
  return state === 'none'
    ? 'not connected'
    : state === 'expired'
      ? 'expired: connect it again'
      : 'settings changed: connect it again';
}

const VIEW = { width: PAGE_WIDTH - 2, headers: true, maxBodyLines: 40 };
const WORDS = { works: 'yes', refused: 'no', unclear: 'unclear', failed: 'failed' } as const;

/** Whether it works, and the exchange that tells. */
export function renderCredentialTrial(trial: CredentialTrial): string[] {
  const { credential, verdict, why, hint, token, request, answer, durationMs, service } = trial;
  const about = [
    ...(service === undefined ? [] : [`service ${service}`]),
    ...(token === undefined ? [] : [token === 'got' ? 'a new token was got' : 'the kept token was used']),
    `${Math.round(durationMs)} ms`,
  ];
  return [
    ...foldHanging(`${credential}: ${WORDS[verdict]}, ${oneLine(why)}`, PAGE_WIDTH),
    ...(hint === undefined ? [] : indent(foldHanging(`hint: ${oneLine(hint)}`, PAGE_WIDTH - 2))),
    ...indent([about.join('   ')]),
    ...(request === undefined ? [] : ['', 'request', ...indent(renderRequest(request, VIEW))]),
    ...(answer === undefined ? [] : ['', 'answer', ...indent(renderAnswer(answer, VIEW))]),
  ];
}

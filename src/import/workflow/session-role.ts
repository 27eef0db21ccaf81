import type { Parameter, WebserviceMap } from '../../document/map.ts';

const OPENING = /^(?:getchallenge|login|loginportal|extendsession)$/iu;
const OPENING_NAME = /challenge|log-?_?in|log-?_?on|sign-?_?in|auth|token|session/iu;
const CLOSING_NAME = /log-?_?out|log-?_?off|sign-?_?out|end-?_?session|revoke/iu;

/**
 * What a map does with a session at the other side. `opens`: it fetches context values, so that it may be called again
 * before a retry. `closes`: it logs out, so that it has to be called whatever becomes of the run.
 */
export function sessionRole(map: WebserviceMap): 'opens' | 'closes' | undefined {
  const { outputs } = map.response;
  if (outputs.some(({ field }) => field !== undefined)) return undefined;
  const operation = constantOf(map.parameters, 'operation');
  const words = [map.name, map.call.legacy?.methodName ?? '', pathOf(map), operation ?? ''];
  if (operation === undefined ? words.some((word) => CLOSING_NAME.test(word)) : /^logout$/iu.test(operation)) {
    return 'closes';
  }
  if (outputs.length === 0) return undefined;
  if (map.call.method === 'GET' || map.call.method === 'HEAD') return 'opens';
  const opens = operation === undefined ? words.some((word) => OPENING_NAME.test(word)) : OPENING.test(operation);
  return opens ? 'opens' : undefined;
}

/** Only the way behind the host: a host may be called anything. */
function pathOf({ call }: WebserviceMap): string {
  const url = (call.url ?? call.path)?.value ?? '';
  return url.replace(/^[a-z]+:\/\/[^/]*/iu, '');
}

function constantOf(parameters: readonly Parameter[], name: string): string | undefined {
  const source = parameters.find((parameter) => parameter.name.toLowerCase() === name)?.source;
  if (source?.kind === 'value') return source.text;
  if (source?.kind !== 'parts' || source.parts.length !== 1) return undefined;
  const [part] = source.parts;
  return part?.source === 'const' ? part.text.value.trim() : undefined;
}

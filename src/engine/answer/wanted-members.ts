import type { LargeBodyQuestion } from '../../core/large-body.ts';
import type { Reference } from '../../expression/compiled.ts';
import type { AnswerQuestion } from './judged-answer.ts';

/** The part of a large body that is needed. */
type WantedMembers = Pick<LargeBodyQuestion, 'members' | 'wantsItems'>;

/**
 * The members at the top of an answer's body that anything of the map, or of its service, can look at; undefined when that
 * cannot be told, or when it is the whole body or its text.
 */
export function wantedMembers({ map, service }: Pick<AnswerQuestion, 'map' | 'service'>): WantedMembers | undefined {
  return map.document.dialect === 'native' ? nativeMembers(map, service) : corebosMembers(map);
}

function nativeMembers(map: AnswerQuestion['map'], service: AnswerQuestion['service']): WantedMembers | undefined {
  const expectations = [...map.expectations, ...(service?.expectations ?? [])];
  const texts = [
    ...expectations.flatMap(({ when, code, message }) => [when, code, message]),
    ...map.outputs.map(({ jsonata }) => jsonata),
    ...map.records.flatMap(({ sets }) => sets.map(({ source }) => source)),
  ];
  // A regular expression looks at the whole text, and a list may be the whole answer.
  if (
    map.outputs.some(({ match, path, jsonata }) => match !== undefined && path === undefined && jsonata === undefined)
  )
    return undefined;
  const lists = [...map.records.map(({ path }) => path), ...(map.pages === undefined ? [] : [map.pages.items])];
  if (lists.includes(undefined)) return undefined;
  const paths = [...map.outputs.map(({ path }) => path), ...lists, map.pages?.next, map.pages?.more];
  const members = paths.flatMap((path) => path?.segments.slice(0, 1) ?? []);
  let wantsItems = false;
  for (const reference of texts.flatMap((text) => text?.references ?? [])) {
    const member = memberOfBody(reference);
    if (member === 'unknown') return undefined;
    if (member === undefined) continue;
    members.push(member);
    // An expression that names a member means that of each item, where it meets a list.
    wantsItems = true;
  }
  return { members, wantsItems };
}

/** Undefined when it does not look into the body at all. */
function memberOfBody({ root, path }: Reference): string | undefined {
  if (root !== 'response') return undefined;
  const [part, member] = path;
  if (part === 'status' || part === 'headers') return undefined;
  return part === 'body' && member !== undefined ? member : 'unknown';
}

/** What an envelope of vtiger's tells of itself. */
const ENVELOPE = ['success', 'error'];

/** A level that is not there is stepped over, so that each name of a path may stand at the top. */
function corebosMembers({ outputs }: AnswerQuestion['map']): WantedMembers | undefined {
  const paths = outputs.map(({ document }) => document.from?.value ?? '');
  if (paths.includes('.')) return undefined;
  return { members: [...ENVELOPE, ...paths.flatMap((path) => path.split('.'))], wantsItems: false };
}

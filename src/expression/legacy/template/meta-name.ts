import { didYouMean } from '../../../core/suggestion.ts';
import type { CompileProblem } from '../../compiled.ts';
import { metaListOf } from './meta-list-name.ts';

/** Names of `$(general : (__VtigerMeta__) name)` that give a value. */
export const META_NAMES = [
  'date',
  'time',
  'dbtimezone',
  'crmdetailviewurl',
  'portaldetailviewurl',
  'siteurl',
  'portalurl',
  'logo',
  'recordId',
  'supportName',
  'supportEmailId',
] as const;

export type MetaName = (typeof META_NAMES)[number];

/** Names that carry the name of a group behind them. */
export const GROUP_EMAILS = 'groupEmailList_';
export const GROUP_USERS = 'groupUsersWsIdList_';

/** Names about what this product does not have: calendars, related lists that a map narrows, pictures of codes. */
const WITHOUT_VALUE = /^(?:Events_Users_Invited$|Events_Related_Contacts$|RelatedList_|scanQRCode->|scanBarCode->)/u;

/** True for a name that gives a value; `supportEmailid` is written both ways. */
export function isMetaName(name: string): name is MetaName {
  return META_NAMES.some((known) => known === name);
}

/** Why the name gives nothing; undefined for one that gives a value. */
export function metaWarning(name: string): Pick<CompileProblem, 'code' | 'message' | 'hint'> | undefined {
  if (metaListOf(name) !== undefined) return undefined;
  if (isMetaName(name) || name.startsWith(GROUP_EMAILS) || name.startsWith(GROUP_USERS)) return undefined;
  if (WITHOUT_VALUE.test(name)) {
    return {
      code: 'TEMPLATE_META_EMPTY',
      message: `"${name.slice(0, 60)}" has no value here and is replaced by nothing`,
    };
  }
  const message = `there is no "${name.slice(0, 60)}": it is replaced by nothing`;
  const hint = didYouMean(name, META_NAMES) ?? `there are: ${META_NAMES.join(', ')}`;
  return { code: 'TEMPLATE_META_UNKNOWN', message, hint };
}

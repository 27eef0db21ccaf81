import { recordNumber } from '../../../core/record.ts';
import { showDate } from '../display/date-display.ts';
import { viewerOfEnvironment } from '../display/viewer.ts';
import type { LegacyEnvironment } from '../environment.ts';
import { inZone } from '../../zoned-time.ts';
import { toLegacyText } from '../value.ts';
import { renderMetaList } from './meta-list.ts';
import { metaListOf } from './meta-list-name.ts';
import { GROUP_EMAILS, GROUP_USERS, isMetaName, type MetaName } from './meta-name.ts';

/** What portals of the original call the record's number in their addresses. */
const PORTAL_IDS: Readonly<Record<string, string>> = { HelpDesk: 'ticketid', Faq: 'faqid', Products: 'productid' };

const VALUES: Readonly<Record<MetaName, (environment: LegacyEnvironment) => string | Promise<string>>> = {
  date: (environment) => showDate(now(environment).slice(0, 10), viewerOfEnvironment(environment)),
  time: (environment) => now(environment).slice(11, 19),
  dbtimezone: ({ services }) => services.clock.timeZone,
  crmdetailviewurl: (environment) =>
    `${environment.services.install.siteUrl}/index.php?action=DetailView&module=${environment.module ?? ''}&record=${numberOf(environment)}`,
  async portaldetailviewurl(environment) {
    const module = environment.module ?? '';
    const portal = await setting(environment, 'portal_url');
    const id = `${PORTAL_IDS[module] ?? 'id'}=${numberOf(environment)}`;
    return `${portal}/index.php?module=${module}&action=index&${id}&status=true`;
  },
  siteurl: ({ services }) => services.install.siteUrl,
  portalurl: (environment) => setting(environment, 'portal_url'),
  logo: () => '<img src="cid:logo" />',
  recordId: numberOf,
  supportName: (environment) => setting(environment, 'HelpDesk_Support_Name'),
  supportEmailId: (environment) => setting(environment, 'HelpDesk_Support_EMail'),
};

/** The value of `$(general : (__VtigerMeta__) name)`; empty for names that are not known or give nothing here. */
export async function metaValue(name: string, environment: LegacyEnvironment): Promise<string> {
  if (isMetaName(name)) return VALUES[name](environment);
  const list = metaListOf(name);
  if (list !== undefined) return renderMetaList(list, environment);
  if (name.startsWith(GROUP_EMAILS)) {
    const members = await membersOf(name.slice(GROUP_EMAILS.length), environment);
    const users = await Promise.all(members.map((id) => environment.services.people.user(id)));
    return users
      .map((user) => toLegacyText(user?.fields['email1'] ?? ''))
      .filter((email) => email !== '')
      .join(',');
  }
  return name.startsWith(GROUP_USERS) ? (await membersOf(name.slice(GROUP_USERS.length), environment)).join(',') : '';
}

/** `2025-03-14 10:20:30`, in the zone of stored times. */
function now({ services }: LegacyEnvironment): string {
  const { clock } = services;
  return new Date(inZone(clock.now(), clock.timeZone).local).toISOString().slice(0, 19).replace('T', ' ');
}

function numberOf({ recordId }: LegacyEnvironment): string {
  return String(recordNumber(recordId ?? '') ?? 0);
}

async function setting({ services }: LegacyEnvironment, name: string): Promise<string> {
  return (await services.settings.get(name)) ?? '';
}

/** A group named as it is, or with `_` for its blanks. */
async function membersOf(name: string, { services }: LegacyEnvironment): Promise<readonly string[]> {
  const { people } = services;
  const group = (await people.groupIdByName(name)) ?? (await people.groupIdByName(name.replaceAll('_', ' ')));
  return group === undefined ? [] : people.membersOf(group);
}

import type { SourceText } from '../../core/diagnostic.ts';
import { trimSource } from '../../xml/source-text.ts';
import { type AttributeKind, listOf } from '../attribute-kind.ts';
import type { NoticeWay } from '../error-plan.ts';
import type { Place } from '../place.ts';

/** Who is told: a list of names of people, groups and context values. */
export const RECIPIENTS = listOf(
  /^(?:initiator|current-user|owner|(?:user|group|unit|context):[^ ]+)$/u,
  'a list of initiator, current-user, owner, user:NAME, group:NAME, unit:NAME and context:KEY',
);

/** As RECIPIENTS, and `nobody`, which takes away what the map or service says. */
export const PLAN_RECIPIENTS = listOf(
  /^(?:nobody|initiator|current-user|owner|(?:user|group|unit|context):[^ ]+)$/u,
  'a list of initiator, current-user, owner, user:NAME, group:NAME, unit:NAME and context:KEY, or nobody',
);

const WAYS = listOf(/^(?:app|mail)$/u, 'a list of app and mail');

/** How people are told. */
export const NOTICE_WAYS: AttributeKind<readonly NoticeWay[]> = {
  ...WAYS,
  read: (source) => WAYS.read(source)?.map(({ value }) => (value === 'mail' ? 'mail' : 'app')),
};

/** What people are told: an attribute, or the element's text. Tells NOTIFY_TEMPLATE_TWICE. */
export function readNoticeText(place: Place, template: SourceText | undefined): SourceText | undefined {
  const text = trimSource(place.element.text());
  const { attributes } = place.element;
  const isInAttribute = attributes.has('template') || attributes.has('legacy-template');
  if (text.value !== '' && isInAttribute) {
    place.error('NOTIFY_TEMPLATE_TWICE', 'the message stands in the attribute and in the element');
  }
  return template ?? (text.value === '' ? undefined : text);
}

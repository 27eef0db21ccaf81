import type { SourceText } from '../../core/diagnostic.ts';
import { trimSource } from '../../xml/source-text.ts';
import { listOf } from '../attribute-kind.ts';
import type { Place } from '../place.ts';

/** Who is told: a list of names of people, groups and context values. */
export const RECIPIENTS = listOf(
  /^(?:initiator|current-user|owner|(?:user|group|unit|context):[^ ]+)$/u,
  'a list of initiator, current-user, owner, user:NAME, group:NAME, unit:NAME and context:KEY',
);

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

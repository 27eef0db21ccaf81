import type { NewDelivery } from '../../core/delivery.ts';
import type { JsonObject } from '../../core/json.ts';
import { NOTIFY_BY_SETTING } from '../../core/local-setting.ts';
import { LONGEST_NOTICE, type Notice } from '../../core/notification.ts';
import type { StepEffect } from '../../core/step.ts';
import type { CompiledNotice } from '../../catalog/compiled-plan.ts';
import type { RunState } from '../run-state.ts';
import { mailDelivery, mapDelivery } from './notice-delivery.ts';
import { findRecipients, type Recipient } from './recipients.ts';

/** A notice, and what is said by it. */
export interface AddressedNotice {
  readonly task: string;
  readonly notice: Pick<CompiledNotice, 'to' | 'by' | 'map'>;
  readonly text: string;
  /** What failed; undefined for a notice that tells of no failure. */
  readonly answer?: JsonObject | undefined;
}

/** What each of the people that the notice is for gets, and what is told of it in the run's history. */
export async function addressNotice(
  state: RunState,
  params: AddressedNotice,
): Promise<{
  readonly notices: readonly Notice[];
  readonly deliveries: readonly NewDelivery[];
  readonly effects: readonly StepEffect[];
}> {
  const { task, notice } = params;
  const { id: run, recordId } = state.lease.run;
  const text = state.redactor.redact(params.text);
  const recipients = await findRecipients(state, notice.to);
  const by = notice.map === undefined ? (notice.by ?? (await usualWays(state))) : [];
  const isMailed = ({ user }: Recipient): boolean => by.includes('mail') && user.email !== '';
  // Whoever has no address is told in the product, so that somebody is.
  const inApp = recipients.filter((one) => by.includes('app') || (by.includes('mail') && !isMailed(one)));
  const said = { ...params, text };
  return {
    notices: inApp.map((one) => ({ user: one.user.id, text: cut(text, markOf(one)), run, task, recordId })),
    deliveries: [
      ...recipients.filter(isMailed).map((one) => mailDelivery(state, said, one.user, markOf(one))),
      ...(notice.map === undefined ? [] : [mapDelivery(state, said, { map: notice.map, recipients })]),
    ],
    effects: recipients.map((one) => ({
      kind: 'notice',
      name: one.user.name,
      from: [wayIn(one), ...waysOut(one, { by, map: notice.map, isMailed: isMailed(one) })].join(', '),
      value: cut(text, ''),
    })),
  };
}

async function usualWays({ engine }: RunState): Promise<readonly string[]> {
  const value = (await engine.settings.all())[NOTIFY_BY_SETTING] ?? '';
  const words = value.split(/\s+/u).filter((word) => word === 'app' || word === 'mail');
  return words.length === 0 ? ['app'] : words;
}

function wayIn({ by, isSubstitute }: Recipient): string {
  return isSubstitute ? `${by}: nobody was found` : by;
}

function waysOut(
  { user }: Recipient,
  ways: { readonly by: readonly string[]; readonly map: string | undefined; readonly isMailed: boolean },
): string[] {
  if (ways.map !== undefined) return [`by map ${ways.map}`];
  if (ways.isMailed) return [ways.by.includes('app') ? 'by mail too' : 'by mail'];
  return ways.by.includes('mail') ? [`${user.name} has no e-mail address`] : [];
}

function markOf({ by, isSubstitute }: Recipient): string {
  return isSubstitute ? `\n(Meant for ${by.slice(0, 200)}: nobody was found there.)` : '';
}

function cut(text: string, mark: string): string {
  const room = LONGEST_NOTICE - mark.length;
  return (text.length > room ? `${text.slice(0, room - 1).toWellFormed()}…` : text) + mark;
}

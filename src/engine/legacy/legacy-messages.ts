import type { MessageStore } from '../../core/message-store.ts';
import type { LegacyMessages } from '../../expression/legacy/services.ts';

/**
 * Messages that expressions send and take. The nth message of one evaluation has the same key each time the evaluation is
 * repeated, so that it is sent once, and read again by whoever read it first.
 * @param params.key Tells this evaluation from all others: that of the step
 */
export function legacyMessages(
  store: MessageStore,
  params: { readonly key: string; readonly now: number },
): LegacyMessages {
  const { key, now } = params;
  let sent = 0;
  let taken = 0;
  return {
    async send({ channel, text, secondsToLive }) {
      sent += 1;
      await store.send({ channel, text, key: `${key}-${sent}`, expiresAt: now + secondsToLive * 1000 });
    },
    take(channel) {
      taken += 1;
      return store.take({ channel, key: `${key}-${taken}`, at: now });
    },
  };
}

/** Messages seen by this evaluation alone. */
export function triedMessages(): LegacyMessages {
  const channels = new Map<string, string[]>();
  return {
    async send({ channel, text }) {
      channels.set(channel, [...(channels.get(channel) ?? []), text]);
    },
    take: async (channel) => channels.get(channel)?.shift(),
  };
}

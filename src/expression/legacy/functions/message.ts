import { isTruthy, numberOrZero } from '../value.ts';
import { textOf } from './argument.ts';
import type { FunctionFamily } from './function.ts';

const CHANNEL = 'workflowMessageChannel';
const SECONDS_TO_LIVE = 30;
const MOST_SECONDS = 366 * 24 * 3600;

/** Messages from one run to another. Each is read once, by whoever comes first. */
export const MESSAGE_FUNCTIONS: FunctionFamily = {
  sendMessage: async ([text = '', channel = '', seconds = ''], { environment, guard }) => {
    if (!isTruthy(text)) return '';
    const secondsToLive = Math.min(MOST_SECONDS, numberOrZero(seconds) || SECONDS_TO_LIVE);
    const message = { channel: isTruthy(channel) ? textOf(channel) : CHANNEL, text: textOf(text), secondsToLive };
    await guard.waitFor(environment.services.messages.send(message));
    return '';
  },
  readMessage: async ([channel = ''], { environment, guard }) => {
    const name = isTruthy(channel) ? textOf(channel) : CHANNEL;
    return (await guard.waitFor(environment.services.messages.take(name))) ?? null;
  },
};

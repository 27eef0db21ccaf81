import type { ModelPlan } from './plan-model.ts';

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1000, ms: 1 };
const NAMES: Readonly<Record<string, string>> = {
  'the owner': 'owner',
  'the person who started it': 'initiator',
  'the person who acted last': 'current-user',
};

/** Reads the sentence about an error plan back, as a person would; fails on anything else. */
export function parseSentence(sentence: string): ModelPlan {
  const [, told = '', end = ''] = /^(.*), then (wait for a person|go on at '.*')$/su.exec(sentence) ?? fail(sentence);
  const [tries = '', ...notices] = told.split(', then tell ');
  return {
    retry: parseRetry(tries.charAt(0).toLowerCase() + tries.slice(1)),
    notify: notices.map(parseNotice),
    abort: end === 'wait for a person' ? 'inbox' : 'end',
  };
}

function parseRetry(text: string): ModelPlan['retry'] {
  if (text === 'no more tries') return { kind: 'none' };
  const [, causes, rest = ''] = /^(?:after (.*?): )?((?:up to )?.*)$/su.exec(text) ?? fail(text);
  const on = causes === undefined ? ['network', 'timeout', '429', '5xx'] : wordsOf(causes, 'or');
  const fixed = /^up to (\d+) more (?:try|tries), (.*) apart$/u.exec(rest);
  if (fixed !== null) return { kind: 'fixed', times: Number(fixed[1]), every: duration(fixed[2]), on };
  const growing =
    /^(?:up to (\d+) )?more (?:try|tries) over (.*) \((.*) apart at first, growing (.*) times, (.*) at most\)$/u.exec(
      rest,
    ) ?? fail(rest);
  return {
    kind: 'growing',
    times: growing[1] === undefined ? undefined : Number(growing[1]),
    from: duration(growing[3]),
    growth: Number(growing[4]),
    to: duration(growing[5]),
    within: duration(growing[2]),
    on,
  };
}

function parseNotice(text: string): NonNullable<ModelPlan['notify']>[number] {
  const [, people = '', by] = /^(.*?)(?: by (.*))?$/u.exec(text) ?? fail(text);
  const to = wordsOf(people, 'and').map((word) => NAMES[word] ?? word.replace(/^(user|group|unit) /u, '$1:'));
  return { to, by: by === undefined ? undefined : wordsOf(by, 'and') };
}

function wordsOf(text: string, last: string): string[] {
  return text.split(new RegExp(`, | ${last} `, 'u'));
}

function duration(text = ''): number {
  const [, number, unit = ''] = /^([\d.]+) (\w+)$/u.exec(text) ?? fail(text);
  return Number(number) * (UNITS[unit] ?? fail(text));
}

function fail(text: string): never {
  throw new Error(`not understood: ${text}`);
}

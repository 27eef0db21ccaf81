import { type Command, Option } from 'commander';
import type { InboxFilter, InboxState } from '../core/inbox.ts';
import { wholeNumber } from './argument-value.ts';
import type { GlobalOptions } from './command-runner.ts';
import { type MomentOption, momentAt, momentOption } from './moment-option.ts';

/** Which rows of the inbox, as it stands on the command line. */
export interface FilterOptions extends GlobalOptions {
  readonly cause?: string;
  readonly destination?: string;
  readonly workflow?: string;
  readonly module?: string;
  readonly record?: string;
  readonly owner?: string;
  readonly unowned?: boolean;
  readonly state?: readonly InboxState[];
  readonly since?: MomentOption;
}

const STATES: readonly InboxState[] = ['open', 'acknowledged', 'resolved', 'ignored'];

/** Adds the options that choose rows of the inbox. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--cause <code>', 'only those with this error code, CALL_REFUSED for example')
    .option('--destination <name>', 'only those that called this service or origin')
    .option('--workflow <name>', 'only runs of this workflow')
    .option('--module <name>', 'only runs of records of this module')
    .option('--record <id>', 'only runs of this record')
    .option('--owner <user>', 'only those that this user looks after')
    .option('--unowned', 'only those that nobody looks after')
    .addOption(new Option('--state <state...>', 'in these states; open and acknowledged when left out').choices(STATES))
    .option('--since <moment>', 'only those that came since then: 2h, or 2026-01-31T09:00Z', momentOption);
}

/** The filter that the options say. */
export function filterOf(options: FilterOptions, now: number): InboxFilter {
  const { cause, destination, workflow, module, record, owner, unowned, state, since } = options;
  return {
    ...(cause === undefined ? {} : { code: cause }),
    ...(destination === undefined ? {} : { destination }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(module === undefined ? {} : { module }),
    ...(record === undefined ? {} : { recordId: record }),
    ...(owner === undefined ? {} : { owner }),
    ...(unowned === true ? { owner: null } : {}),
    ...(state === undefined ? {} : { state }),
    ...(since === undefined ? {} : { since: momentAt(since, now) }),
  };
}

/** Reads the numbers of runs, one after another. */
export function runNumbers(written: string, before: readonly number[] | undefined): readonly number[] {
  return [...(before ?? []), wholeNumber(written)];
}

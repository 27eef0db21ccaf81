import { type Command, Option } from 'commander';
import { wholeNumber } from './argument-value.ts';

/** Which page of a list that is told newest first. */
export interface PageOptions {
  readonly limit: number;
  readonly before?: number;
  readonly after?: number;
  readonly oldest?: boolean;
}

/** A page as the install is asked for it. */
export interface PageBounds {
  readonly limit: number;
  readonly before?: number;
  readonly after?: number;
}

const DEFAULT_LIMIT = 20;

/** Adds the options that choose a page; `what` are the things listed: `runs`. */
export function addPageOptions(command: Command, what: string): Command {
  return command
    .option('--limit <number>', 'how many at most', wholeNumber, DEFAULT_LIMIT)
    .option('--before <id>', `only ${what} with a smaller number: the page of older ones`, wholeNumber)
    .addOption(
      new Option('--after <id>', `only ${what} with a greater number: the page of newer ones`)
        .argParser(wholeNumber)
        .conflicts('before'),
    )
    .addOption(new Option('--oldest', 'the last page: the oldest of all').conflicts(['before', 'after']));
}

/** The page that the options say. */
export function pageBounds({ limit, before, after, oldest }: PageOptions): PageBounds {
  const from = after ?? (oldest === true ? 0 : undefined);
  return {
    limit,
    ...(before === undefined ? {} : { before }),
    ...(from === undefined ? {} : { after: from }),
  };
}

/** How to see the pages beside this one, whose items have these numbers, the newest first; no line when there are none. */
export function renderPageLinks(ids: readonly number[], { limit, before, after }: PageBounds): string[] {
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return [];
  const isFull = ids.length >= limit;
  const hasNewer = after === undefined ? before !== undefined : isFull;
  const hasOlder = after === undefined ? isFull : after > 0;
  const links = [
    ...(hasNewer ? [`newer ones: --after ${first}`] : []),
    ...(hasOlder ? [`older ones: --before ${last}`] : []),
  ];
  return links.length === 0 ? [] : ['', links.join('   ')];
}

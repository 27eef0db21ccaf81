import type { InboxGroup, InboxItem } from '../../core/inbox.ts';
import { renderAge } from '../duration.ts';
import { type PageBounds, renderPageLinks } from '../page-options.ts';
import { PAGE_WIDTH, renderTable } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { foldHanging, indent } from './exchange.ts';

/** Causes, the most frequent first, each with the sentence of one of its runs. */
export function renderInboxGroups(groups: readonly InboxGroup[], now: number): string[] {
  if (groups.length === 0) return ['the inbox is empty: no run needs anybody'];
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const lines = groups.flatMap((group) => [
    oneLine(`${group.count} x ${group.code}   ${renderPlace(group)}   ${renderSpan(group, now)}`),
    ...indent(foldHanging(oneLine(`run ${group.example.run}: ${group.example.message}`), PAGE_WIDTH - 2)),
  ]);
  return [
    ...lines,
    '',
    `${total === 1 ? '1 run needs' : `${total} runs need`} somebody`,
    `one by one: mapwright inbox list --cause ${groups[0]?.code ?? 'CODE'}   what to do: mapwright inbox show ${groups[0]?.example.run ?? 'RUN'}`,
  ];
}

function renderPlace({ workflow, destination }: Pick<InboxGroup, 'workflow' | 'destination'>): string {
  return destination === '' ? workflow : `${workflow} -> ${destination}`;
}

function renderSpan({ oldest, newest }: InboxGroup, now: number): string {
  const [first, last] = [renderAge(now - oldest), renderAge(now - newest)];
  return first === last ? `${first} ago` : `${first} to ${last} ago`;
}

/** One line per run, newest first, and how to see the pages beside this one. */
export function renderInboxItems({
  items,
  now,
  page,
}: {
  readonly items: readonly InboxItem[];
  readonly now: number;
  readonly page: PageBounds;
}): string[] {
  if (items.length === 0) return ['nothing in the inbox is like that'];
  const rows = items.map((item) => [
    String(item.run),
    item.inDoubt && item.state !== 'resolved' ? `${item.state} (in doubt)` : item.state,
    renderPlace(item),
    item.recordId ?? '',
    item.owner ?? '',
    item.holdsBack === 0 ? '' : String(item.holdsBack),
    renderAge(now - item.since),
    item.message,
  ]);
  return [
    ...renderTable(
      [
        { title: 'run', align: 'right' },
        { title: 'state' },
        { title: 'workflow' },
        { title: 'record' },
        { title: 'owner' },
        { title: 'behind', align: 'right' },
        { title: 'age', align: 'right' },
        { title: 'why', gives: true },
      ],
      rows,
    ),
    ...renderPageLinks(
      items.map(({ run }) => run),
      page,
    ),
  ];
}

import type { CallRequest } from '../core/call.ts';
import type { JsonObject } from '../core/json.ts';
import type { RecordedAnswer } from '../core/step.ts';
import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import type { PageQuestion, ReadPage } from './answer/read-page.ts';
import type { PendingPages, Progress } from './progress.ts';
import { requestForPage } from './request/page-request.ts';
import type { RunState } from './run-state.ts';

/** The pages of the task's list that have been received; undefined before the first. */
export function pagesOf(
  { progress }: Pick<RunState, 'progress'>,
  task: Pick<CompiledCallTask, 'id'>,
): PendingPages | undefined {
  return progress.paging?.task === task.id ? progress.paging : undefined;
}

/** The request for the page that is next. */
export function requestOfPage(state: RunState, task: CompiledCallTask, request: CallRequest): CallRequest {
  const { pages } = task.map;
  if (pages === undefined) return request;
  return requestForPage(request, pages.document, pagesOf(state, task) && state.received?.page);
}

/** What is known of the page that was asked for at `url`; undefined for a map that asks for one alone. */
export function askedPage(state: RunState, task: CompiledCallTask, url: string): PageQuestion | undefined {
  if (task.map.pages === undefined) return undefined;
  const before = pagesOf(state, task);
  return {
    key: before && state.received?.page,
    number: (before?.pages ?? 0) + 1,
    url,
    itemsBefore: before?.items ?? 0,
    bytesBefore: before?.bytes ?? 0,
    kept: (before && state.received?.items) ?? [],
  };
}

/** What is stored of the answer of a page: of those between the first and the last that it came. */
export function keptOfPage(
  progress: Progress,
  task: string,
  { answer, page }: { readonly answer: RecordedAnswer | undefined; readonly page?: ReadPage | undefined },
): { readonly answer: RecordedAnswer | undefined; readonly forgetsRequest?: boolean } {
  if (page?.next === undefined || progress.paging?.task !== task || answer === undefined) return { answer };
  const { status, durationMs } = answer;
  return { answer: { status, durationMs, headers: [], body: undefined }, forgetsRequest: true };
}

/** Goes on to the next page, from which on the task is tried again when it fails. False after the last one. */
export function turnPage(
  state: RunState,
  task: string,
  { page, frozen }: { readonly page: ReadPage | undefined; readonly frozen: JsonObject | undefined },
): boolean {
  const { progress } = state;
  const before = progress.paging?.task === task ? progress.paging : undefined;
  if (page?.next === undefined) {
    progress.paging = undefined;
    return false;
  }
  progress.paging = {
    task,
    pages: (before?.pages ?? 0) + 1,
    items: (before?.items ?? 0) + page.items,
    bytes: (before?.bytes ?? 0) + page.bytes,
    frozen: before?.frozen ?? frozen,
  };
  state.received = { page: page.next, ...(page.kept.length > 0 ? { items: page.kept } : {}) };
  state.pending.contextChanged = true;
  return true;
}

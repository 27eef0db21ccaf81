import type { Caller } from '../../core/access.ts';
import type { EngineEvent } from '../../engine/engine-event.ts';
import { type ApiParts, DEFAULT_LIMITS } from './api-parts.ts';
import { callerOf } from './authentication.ts';
import { CallerPlaces } from './caller-places.ts';
import { ApiRefusal } from './problem.ts';

const COMMENT_EVERY_MS = 15_000;
/** A reader that does not keep up is cut off: it comes back, and reads anew. */
const MOST_UNREAD = 1_000;

interface StreamParams {
  readonly parts: ApiParts;
  readonly caller: Caller;
  readonly request: Request;
  readonly accepts: (event: EngineEvent) => boolean;
}

const open = new WeakMap<ApiParts, CallerPlaces>();

/**
 * Events as a stream (WHATWG HTML section 9.2). It ends when the reader goes away, falls behind, or is let in no longer.
 * Throws API_STREAMS when the caller has too many open.
 */
export function eventStream({ parts, caller, request, accepts }: StreamParams): Response {
  const leave = enter(parts, `${caller.kind} ${caller.name}`);
  const encoder = new TextEncoder();
  let end: () => void = leave;
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string): void => {
          if ((controller.desiredSize ?? 0) <= 0) return close();
          controller.enqueue(encoder.encode(text));
        };
        const unlisten = parts.listen((event) => {
          if (accepts(event)) send(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
        });
        const isStillIn = async (): Promise<boolean> => {
          const now = await callerOf(parts.access, request, caller.from).catch(() => undefined);
          return now?.scopes.has('runs:read') ?? false;
        };
        const timer = setInterval(() => {
          void isStillIn().then((still) => (still ? send(': still here\n\n') : close()));
        }, COMMENT_EVERY_MS);
        timer.unref();
        let isOver = false;
        const close = (): void => {
          if (isOver) return;
          isOver = true;
          end();
          controller.close();
        };
        parts.stopping?.addEventListener('abort', close, { once: true });
        end = () => {
          isOver = true;
          parts.stopping?.removeEventListener('abort', close);
          unlisten();
          clearInterval(timer);
          leave();
        };
        send(': listening\n\n');
        if (parts.stopping?.aborted === true) close();
      },
      cancel: () => end(),
    },
    { highWaterMark: MOST_UNREAD },
  );
  const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };
  return new Response(stream, { headers });
}

function enter(parts: ApiParts, caller: string): () => void {
  const places = open.get(parts) ?? new CallerPlaces();
  open.set(parts, places);
  const most = parts.limits?.streams ?? DEFAULT_LIMITS.streams;
  const leave = places.enter(caller, most);
  if (leave !== undefined) return leave;
  throw new ApiRefusal(429, 'API_STREAMS', `${most} streams of events are open already`, {
    hint: 'close one of them first',
  });
}

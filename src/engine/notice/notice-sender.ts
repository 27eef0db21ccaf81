import type { DeliveryBatch, DeliveryOutcome, DeliveryStore } from '../../core/delivery.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { isJsonObject } from '../../core/json.ts';
import { NOTIFY_PER_HOUR_SETTING } from '../../core/local-setting.ts';
import type { Notice } from '../../core/notification.ts';
import type { Engine } from '../engine.ts';
import { runMap } from '../run-map.ts';
import { noticeMail, textOf } from './notice-mail.ts';

/** What a sender of notices works with. */
export interface NoticeSenderParts {
  readonly engine: Engine;
  readonly deliveries: DeliveryStore;
  /** Tells users in the product what could not be mailed. */
  tell(notices: readonly Notice[], at: number): Promise<void>;
}

/** Sends notices that leave the product, in the background: what becomes of them never touches the run. */
export interface NoticeSender {
  start(): void;
  /** Sends what is due now, once; resolves when every try has ended. */
  tick(): Promise<void>;
  /** Begins nothing more and gives up what is under way; it is sent again by the next process. */
  stop(): Promise<void>;
}

const LOOK_MS = 1_000;
/** Messages under way at once. */
const PLACES = 4;
/** Longer than a try can take; a process that dies keeps its notices from the others for so long. */
const LEASE_MS = 150_000;
const PER_HOUR = 10;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** After this long a notice is given up. */
const GIVE_UP_MS = 3 * 24 * 3_600_000;
/** What trying again does not mend. */
const FINAL_CODES: ReadonlySet<string> = new Set(['MAIL_REFUSED', 'MAIL_ADDRESS_INVALID', 'MAP_UNKNOWN']);

/** A sender for one process; several processes may work on one store. */
export function createNoticeSender(parts: NoticeSenderParts): NoticeSender {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  const tick = (): Promise<void> => {
    working ??= sendDue(parts, abort.signal)
      .catch((error: unknown) => parts.engine.onEvent({ kind: 'fault', run: undefined, error }))
      .finally(() => (working = undefined));
    return working;
  };
  return {
    tick,
    start() {
      timer = setInterval(() => void tick(), LOOK_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      abort.abort();
      await working;
    },
  };
}

async function sendDue(parts: NoticeSenderParts, signal: AbortSignal): Promise<void> {
  const { deliveries, engine } = parts;
  const now = engine.clock.now();
  const due = await deliveries.nextDue();
  if (due === undefined || due > now || signal.aborted) return;
  const perHour = perHourOf((await engine.settings.all())[NOTIFY_PER_HOUR_SETTING]);
  const sendOn = async (): Promise<void> => {
    while (!signal.aborted) {
      const batch = await deliveries.claim({ now: engine.clock.now(), leaseMs: LEASE_MS, perHour });
      if (batch === undefined) return;
      await sendBatch(parts, batch, signal);
    }
  };
  await Promise.all(Array.from({ length: PLACES }, sendOn));
}

function perHourOf(setting: string | undefined): number {
  return /^[1-9]\d{0,5}$/u.test(setting?.trim() ?? '') ? Number(setting) : PER_HOUR;
}

async function sendBatch(parts: NoticeSenderParts, batch: DeliveryBatch, signal: AbortSignal): Promise<void> {
  const { engine, deliveries } = parts;
  const problem = await problemOf(engine, batch, signal);
  // The process is stopping: whoever claims it next sends it again, under the same name.
  if (signal.aborted) return;
  const at = engine.clock.now();
  const outcome = outcomeOf(batch, problem, at);
  await deliveries.settle({ batch: batch.id, at, outcome });
  if (outcome.kind === 'failed') await tellInstead(parts, batch, { at, problem: outcome.problem });
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

/** Sends it; undefined when the other side has taken it. */
async function problemOf(engine: Engine, batch: DeliveryBatch, signal: AbortSignal): Promise<Problem | undefined> {
  try {
    return batch.deliveries[0]?.way === 'map' ? await call(engine, batch, signal) : await mail(engine, batch, signal);
  } catch (thrown) {
    if (thrown instanceof MapwrightError && thrown.code === 'STORE_UNAVAILABLE') throw thrown;
    return { code: thrown instanceof MapwrightError ? thrown.code : 'ENGINE_FAULT', message: messageOf(thrown) };
  }
}

async function mail(engine: Engine, batch: DeliveryBatch, signal: AbortSignal): Promise<Problem | undefined> {
  const user = await engine.people.userById(batch.deliveries[0]?.to ?? '');
  if (user === undefined || !user.active || user.email === '') {
    return { code: 'MAIL_ADDRESS_INVALID', message: 'the user is not active, or has no e-mail address any more' };
  }
  const settings = await engine.settings.all();
  const password = await engine.secrets.get('smtp_password');
  const message = noticeMail({ settings, password, installId: engine.installId }, batch, user);
  const outcome = await engine.mailer.send(message, { signal });
  return outcome.kind === 'sent' ? undefined : outcome.failure;
}

async function call(engine: Engine, batch: DeliveryBatch, signal: AbortSignal): Promise<Problem | undefined> {
  const [first] = batch.deliveries;
  const { revision, record, input } = first?.content ?? {};
  const catalog = typeof revision === 'number' ? await engine.catalogAt(revision) : undefined;
  const map = first?.to ?? '';
  if (catalog === undefined)
    return { code: 'MAP_UNKNOWN', message: `revision ${String(revision)} cannot be read any more` };
  const image = typeof record === 'string' ? await engine.host.read(record) : undefined;
  const { failure } = await runMap(engine, {
    catalog,
    map,
    record: image === undefined ? {} : { ...image.values, id: image.id },
    image,
    context: {},
    input: { ...(isJsonObject(input) ? input : {}), text: textOf(batch), count: batch.count },
    key: `notice-${batch.id}`,
    signal,
  });
  return failure?.shown;
}

function outcomeOf(batch: DeliveryBatch, problem: Problem | undefined, at: number): DeliveryOutcome {
  if (problem === undefined) return { kind: 'sent' };
  const said = `${problem.code} ${problem.message}`;
  const begunAt = batch.deliveries[0]?.at ?? at;
  const dueAt = at + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (batch.attempts - 1));
  const isOver = FINAL_CODES.has(problem.code) || dueAt - begunAt > GIVE_UP_MS;
  return isOver ? { kind: 'failed', problem: said } : { kind: 'later', dueAt, problem: said };
}

/** Nobody is left untold: who could not be mailed reads it in the product. */
async function tellInstead(
  { tell }: NoticeSenderParts,
  batch: DeliveryBatch,
  { at, problem }: { readonly at: number; readonly problem: string },
): Promise<void> {
  const [first] = batch.deliveries;
  if (first === undefined || first.way !== 'mail') return;
  const text = `${textOf(batch)}\n(This could not be mailed: ${problem})`.slice(0, 2_000).toWellFormed();
  await tell([{ user: first.to, text, run: first.run, task: first.task, recordId: undefined }], at);
}

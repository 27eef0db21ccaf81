import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { MapwrightError } from '../core/error.ts';
import type { RecordImage } from '../core/record.ts';
import type { RunId } from '../core/run.ts';
import { startKey } from '../crm/request-identifier.ts';
import { runMap } from '../engine/run-map.ts';
import { runtimeFiles } from './files/runtime-files.ts';
import { type Install, openInstall } from './install.ts';
import { resultOf } from './map-result.ts';
import { RunWaiters } from './run-waiters.ts';
import { applyDocuments } from './runtime-documents.ts';
import { builtInRecords, recordsElsewhere } from './runtime-records.ts';
import type { Runtime, RuntimeOptions, StartOptions, StartedRun } from './runtime.ts';

const IN_MEMORY = ':memory:';
const BY = 'application';

/**
 * Opens an install for this process, sets what is given, applies the documents, and begins to work on runs: those that
 * an earlier process left go on. Nothing is left open when it rejects: with STORE_LOCKED when another runtime or server
 * has the folder, DocumentsInvalidError, DOCUMENTS_MISSING, SETTING_INVALID, SECRET_UNREADABLE under another key than
 * the install's, and others.
 */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const isInMemory = options.folder === IN_MEMORY;
  const folder = isInMemory ? await mkdtemp(join(tmpdir(), 'mapwright-memory-')) : options.folder;
  const removeFolder = async (): Promise<void> => {
    if (isInMemory) await rm(folder, { recursive: true, force: true });
  };
  let install: Install | undefined;
  try {
    const { records, capacity } = options;
    install = await openInstall({
      folder,
      ...(records === undefined ? {} : { records }),
      ...(capacity === undefined ? {} : { capacity }),
    });
    const warnings = await prepare(install, options);
    await install.startWorker();
    return runtimeOn(install, { warnings, ownRecords: records !== undefined, removeFolder });
  } catch (thrown) {
    await install?.close(0);
    await removeFolder();
    throw thrown;
  }
}

async function prepare({ administration }: Install, options: RuntimeOptions): Promise<readonly Diagnostic[]> {
  for (const [name, value] of Object.entries(options.settings ?? {})) await administration.setSetting({ name, value });
  for (const [name, value] of Object.entries(options.secrets ?? {})) {
    await administration.setSecret({ name, value, by: BY });
  }
  return options.documents === undefined ? [] : applyDocuments(administration, options.documents);
}

interface Surroundings {
  readonly warnings: readonly Diagnostic[];
  readonly ownRecords: boolean;
  readonly removeFolder: () => Promise<void>;
}

function runtimeOn(install: Install, { warnings, ownRecords, removeFolder }: Surroundings): Runtime {
  const { engine, events } = install;
  const waiters = new RunWaiters({ ...engine, events });
  let closing: Promise<void> | undefined;
  const requireOpen = (): void => {
    if (closing === undefined) return;
    throw new MapwrightError('RUNTIME_CLOSED', 'the runtime is closed', { hint: 'create another one' });
  };
  const close = async (graceMs: number | undefined): Promise<void> => {
    waiters.close();
    await install.close(graceMs);
    await removeFolder();
  };
  const run = (id: number): StartedRun => ({ id, finished: (wait) => waiters.finished(id, wait) });
  return {
    records: ownRecords
      ? recordsElsewhere()
      : builtInRecords(install.crm, { user: engine.serviceUser.id, requireOpen }),
    files: runtimeFiles({ files: install.files, clock: install.clock }, requireOpen),
    administration: install.administration,
    warnings,
    async runMap(map, { record, key = randomUUID(), context = {}, ...rest } = {}) {
      requireOpen();
      const image = typeof record === 'string' ? await requireRecord(install, record) : undefined;
      const values = typeof record === 'string' ? { id: record, ...image?.values } : (record ?? {});
      const catalog = install.catalog();
      return resultOf(await runMap(engine, { catalog, map, record: values, image, context, key, ...rest }));
    },
    async start(workflow, options = {}) {
      requireOpen();
      return run(await startOne(install, workflow, options));
    },
    run,
    async changed(change) {
      requireOpen();
      if (ownRecords) return install.changed(change);
      throw new MapwrightError('RUNTIME_BUILT_IN_RECORDS', 'the records of this runtime are the built-in ones', {
        hint: 'change them with runtime.records, or give the runtime records of your own',
      });
    },
    on: (kind, listener) => events.on(kind, listener),
    close: ({ graceMs } = {}) => (closing ??= close(graceMs)),
    [Symbol.asyncDispose]: () => (closing ??= close(undefined)),
  };
}

/** The id of the one run that is started, or was by the same key. */
async function startOne({ starter, engine }: Install, workflow: string, options: StartOptions): Promise<RunId> {
  const { record, context = {}, key: identifier, user = engine.serviceUser.id } = options;
  const records = record === undefined ? [] : [record];
  const request = identifier === undefined ? undefined : startKey({ user, identifier, workflow, records, context });
  const { runs } = await starter.start({ workflow, records, context, user, request, waitMs: 0 });
  const [first] = runs;
  if (first !== undefined) return first.id;
  const about = record === undefined ? '' : ` for record ${record}`;
  throw new MapwrightError('START_CONDITION_FALSE', `the trigger of "${workflow}" does not hold${about}`, {
    hint: 'nothing was started; see the conditions of its trigger on="manual"',
  });
}

async function requireRecord({ engine }: Install, id: string): Promise<RecordImage> {
  const image = await engine.host.read(id);
  if (image !== undefined) return image;
  throw new MapwrightError('RECORD_GONE', `there is no record ${id}`, {
    hint: 'give the id of a record that is there, or its values',
  });
}

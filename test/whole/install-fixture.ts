import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { hasErrors } from '../../src/core/diagnostic.ts';
import { messageOf } from '../../src/core/error.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { RecordImage, RecordValue } from '../../src/core/record.ts';
import { isFinal, type Run, type RunWait } from '../../src/core/run.ts';
import type { Step } from '../../src/core/step.ts';
import type { EngineEvent } from '../../src/engine/engine.ts';
import type { RunDetails, SourceFile } from '../../src/runtime/administration.ts';
import { type Install, type OpenInstallParams, openInstall } from '../../src/runtime/install.ts';
import { until } from './poll.ts';

export const ADMIN = { user: '19x1' };

/** What an install of a test is opened with. */
export interface InstallOptions {
  readonly documents: readonly SourceFile[];
  /** Settings besides `egress.allow`, which lets every port of this machine be called. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** False: runs are only accepted. */
  readonly worker?: boolean;
  readonly capacity?: number;
  readonly clock?: Clock;
}

/** The settings and secrets with which the product sync calls a peer. */
export function callingPeer(peer: {
  readonly url: string;
  readonly key: string;
}): Required<Pick<InstallOptions, 'settings' | 'secrets'>> {
  return {
    settings: { head_office_url: peer.url, head_office_user: 'admin' },
    secrets: { head_office_key: peer.key },
  };
}

/** One install of its own for a test, closed and removed after it. */
export class TestInstall {
  folder: string;
  /** What the engine told about itself, as lines of a log. */
  readonly log: string[] = [];
  #install: Install | undefined;
  readonly #options: Pick<OpenInstallParams, 'capacity' | 'clock'>;

  private constructor(folder: string, { capacity, clock }: InstallOptions) {
    this.folder = folder;
    this.#options = { ...(capacity === undefined ? {} : { capacity }), ...(clock === undefined ? {} : { clock }) };
  }

  static async open(t: TestContext, options: InstallOptions): Promise<TestInstall> {
    const folder = await mkdtemp(join(tmpdir(), 'mapwright-whole-'));
    const test = new TestInstall(folder, options);
    t.after(async () => {
      await test.close();
      await rm(test.folder, { recursive: true });
    });
    await test.reopen({ worker: false });
    const { administration } = test.install;
    for (const [name, value] of Object.entries({ ...options.settings, 'egress.allow': '127.0.0.1:*' })) {
      await administration.setSetting({ name, value });
    }
    for (const [name, value] of Object.entries(options.secrets ?? {})) {
      await administration.setSecret({ name, value, by: 'test' });
    }
    await test.apply(options.documents);
    if (options.worker !== false) await test.install.startWorker();
    return test;
  }

  get install(): Install {
    return this.#install ?? assert.fail('the install is closed');
  }

  async reopen(options: { readonly worker: boolean; readonly clock?: Clock }): Promise<void> {
    const { worker, ...more } = options;
    const onEvent = (event: EngineEvent): void => {
      this.log.push(event.kind === 'fault' ? `fault ${messageOf(event.error)}` : JSON.stringify(event));
    };
    this.#install = await openInstall({ folder: this.folder, env: {}, onEvent, ...this.#options, ...more });
    if (worker) await this.install.startWorker();
  }

  /** Gives up what is under way at once, as a process that dies: begun steps stay open. */
  async close(): Promise<void> {
    const install = this.#install;
    this.#install = undefined;
    await install?.close(0);
  }

  async apply(documents: readonly SourceFile[]): Promise<void> {
    const report = await this.install.administration.apply({ documents, prune: false, dryRun: false, by: 'test' });
    const told = report.diagnostics.map(({ file, code, message }) => `${file} ${code} ${message}`).join('\n');
    assert.equal(hasErrors(report.diagnostics), false, told);
  }

  create(element: JsonObject, module = 'Products'): Promise<RecordImage> {
    return this.install.crm.create({ actor: ADMIN, module, element });
  }

  revise(element: JsonObject): Promise<RecordImage> {
    return this.install.crm.revise({ actor: ADMIN, element });
  }

  async values(id: string): Promise<Readonly<Record<string, RecordValue>>> {
    return (await this.install.crm.retrieve(id)).values;
  }

  /** Oldest first. */
  async runs(): Promise<readonly Run[]> {
    return (await this.install.administration.runs({ limit: 200 })).toReversed();
  }

  details(id: number): Promise<RunDetails> {
    return this.install.administration.run({ id });
  }

  async steps(id: number): Promise<readonly Step[]> {
    return (await this.details(id)).steps;
  }

  /** The run once `isReached` holds for it. */
  reached(id: number, what: string, isReached: (run: Run) => boolean): Promise<Run> {
    return until(`run ${id} ${what}`, async () => {
      const run = (await this.runs()).find((one) => one.id === id);
      return run !== undefined && isReached(run) ? run : undefined;
    });
  }

  /** The run once it has ended. */
  ended(id: number): Promise<Run> {
    return this.reached(id, 'ends', ({ status }) => isFinal(status));
  }

  /** What the run waits for, once it waits for this. */
  async waiting(id: number, kind: RunWait['for']): Promise<RunWait> {
    const run = await this.reached(id, `waits for ${kind}`, ({ wait }) => wait?.for === kind);
    return run.wait ?? assert.fail('the run does not wait');
  }

  /** All runs once every one has ended; there must be `count` of them. */
  allEnded(count: number): Promise<readonly Run[]> {
    return until(`${count} runs end`, async () => {
      const runs = await this.runs();
      return runs.length === count && runs.every(({ status }) => isFinal(status)) ? runs : undefined;
    });
  }
}

/** The one step of a task with this purpose; there must be one. */
export function stepOf(steps: readonly Step[], task: string, purpose: Step['purpose'] = 'main'): Step {
  const found = steps.filter((step) => step.task === task && step.purpose === purpose);
  assert.equal(found.length, 1, `steps of ${task} (${purpose})`);
  return found[0] ?? assert.fail();
}

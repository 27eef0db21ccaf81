import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Step } from '../../src/core/step.ts';
import { isFinal, type Run } from '../../src/core/run.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from '../whole/documents.ts';
import { TestInstall } from '../whole/install-fixture.ts';

export const PACKS = ['corebos', 'rest', 'soap', 'vies', 'facturascripts'] as const;
export type Pack = (typeof PACKS)[number];

const MAPS = new URL('../../maps/', import.meta.url);

/** The documents of a shipped pack, its tests aside. */
export function packDocuments(pack: Pack): SourceFile[] {
  const folder = new URL(`${pack}/`, MAPS);
  const files = readdirSync(folder).filter((file) => file.endsWith('.xml'));
  return files.map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }));
}

export function packReadme(pack: Pack): string {
  return readFileSync(new URL(`${pack}/README.md`, MAPS), 'utf8');
}

/** The names of the maps, or of the workflows, that a pack brings. */
export function namesIn(pack: Pack, kind: 'map' | 'workflow'): string[] {
  const text = packDocuments(pack).find(({ file }) => file === 'pack.xml')?.text ?? '';
  return [...text.matchAll(new RegExp(`<document kind="${kind}" name="([^"]+)"`, 'gu'))].map(([, name = '']) => name);
}

/** Maps that were run in this process: what a pack's tests leave out is told by {@link assertAllRan}. */
const RAN = new Set<string>();

/** Fails unless every map of the pack was run, and every workflow started. */
export function assertAllRan(pack: Pack): void {
  const left = [...namesIn(pack, 'map'), ...namesIn(pack, 'workflow')].filter((name) => !RAN.has(name));
  assert.deepEqual(left, []);
}

/** What one call of a map came to. */
export interface Called {
  readonly run: Run;
  readonly step: Step;
  /** What its outputs left, by context key. */
  readonly left: Readonly<Record<string, Json>>;
}

interface PackOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Changes a document before the pack is put into force, as an administrator would. */
  readonly adapt?: (text: string) => string;
}

/** An install with one pack in it, whose maps can be called one by one. */
export class PackInstall {
  readonly test: TestInstall;

  private constructor(test: TestInstall) {
    this.test = test;
  }

  static async open(t: TestContext, pack: Pack, options: PackOptions = {}): Promise<PackInstall> {
    const { adapt = (text: string) => text, ...given } = options;
    const own = packDocuments(pack).map(({ file, text }) => ({ file, text: adapt(text) }));
    const calls = namesIn(pack, 'map').map((map) =>
      nativeDocument(
        'workflow',
        `name="call-${map}"`,
        `<trigger on="manual"/><tasks><webservice id="call" map="${map}"/></tasks>`,
      ),
    );
    return new PackInstall(await TestInstall.open(t, { documents: [...own, ...calls], ...given }));
  }

  /** Runs a map with this context until it is done, has failed, or waits for a person or the next try. */
  async call(map: string, context: JsonObject = {}): Promise<Called> {
    RAN.add(map);
    const { run, steps } = await this.start(`call-${map}`, context);
    // Of a list that comes page by page, each page is a step.
    const step = steps.findLast(({ task }) => task === 'call') ?? assert.fail(`${map} was not called`);
    const left = step.effects.flatMap(({ kind, name, value }) => (kind === 'context' ? [[name, value ?? null]] : []));
    return { run, step, left: Object.fromEntries(left) as Record<string, Json> };
  }

  /** As {@link call}; it must succeed. */
  async done(map: string, context: JsonObject = {}): Promise<Called['left']> {
    const { run, step, left } = await this.call(map, context);
    assert.equal(run.status, 'completed', JSON.stringify(step.failure ?? run));
    return left;
  }

  /** As {@link call}; it must fail with this code, and this part of the message. */
  async fails(map: string, context: JsonObject, code: string, part = ''): Promise<Called> {
    const called = await this.call(map, context);
    assert.equal(called.step.failure?.code, code, called.step.failure?.message ?? 'it did not fail');
    assert.ok(called.step.failure?.message.includes(part), called.step.failure?.message);
    return called;
  }

  /** Starts a workflow, and gives the run when it has ended or waits. */
  async start(workflow: string, context: JsonObject): Promise<{ readonly run: Run; readonly steps: readonly Step[] }> {
    RAN.add(workflow);
    const { administration } = this.test.install;
    const { runs } = await administration.start({ workflow, context, by: 'test' });
    const id = runs[0]?.id ?? assert.fail(`${workflow} was not started`);
    const run = await this.test.reached(
      id,
      'ends or waits',
      ({ status, wait }) => isFinal(status) || wait?.for === 'person' || wait?.for === 'time',
    );
    return { run, steps: await this.test.steps(id) };
  }
}

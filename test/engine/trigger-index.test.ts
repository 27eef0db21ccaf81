import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import { indexTriggers } from '../../src/catalog/compile-trigger.ts';
import type { CompiledTrigger } from '../../src/catalog/compiled-workflow.ts';
import type { RecordChange } from '../../src/core/record.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { createTriggerMatcher } from '../../src/engine/trigger-matcher.ts';

const MODULES = 20;
const WORKFLOWS = 30;

const XMLNS = 'xmlns="urn:mapwright:1"';

/** Modules whose every workflow is judged by a condition, of which each module's first holds. */
function documents() {
  const texts = Array.from({ length: MODULES }, (_, index) => {
    const module = `Module${index}`;
    const workflows = Array.from({ length: WORKFLOWS }, (_unused, n) => {
      const condition = `<condition field="note" is="equal" value="${n === 0 ? 'yes' : 'never'}"/>`;
      return `<workflow name="${module}-${n}" module="${module}">
        <trigger on="create">${condition}<jsonata>record.note != 'no'</jsonata></trigger>
        <tasks><set-fields id="mark"><set field="note" value="seen"/></set-fields></tasks></workflow>`;
    });
    return `<documents ${XMLNS}><module name="${module}" prefix="${100 + index}" title="note">
      <field name="note" type="string"/></module>${workflows.join('')}</documents>`;
  });
  return texts.flatMap((text, index) => readDocuments({ file: `${index}.xml`, text }).documents);
}

/** A map that may be asked for a name, and not be gone through. */
class LookUpOnly<T> extends Map<string, T> {
  lookedUp: string[] = [];
  override get(name: string): T | undefined {
    this.lookedUp.push(name);
    return super.get(name);
  }
  override values(): never {
    return refuse();
  }
  override keys(): never {
    return refuse();
  }
  override entries(): never {
    return refuse();
  }
  override [Symbol.iterator](): never {
    return refuse();
  }
  override forEach(): never {
    return refuse();
  }
}

function refuse(): never {
  throw new Error('a save went through all documents');
}

/** The catalog with everything that it holds watched; `looked` has the module of every trigger that is looked at. */
function watched(catalog: Catalog) {
  const looked: string[] = [];
  const state = { watching: false };
  const entries = [...catalog.workflows.values()].map((workflow) => {
    const module = workflow.module?.name ?? '';
    const triggers = catalog.triggersOf(module, 'create').filter((trigger) => trigger.workflow === workflow.name);
    const see = (trigger: CompiledTrigger): CompiledTrigger =>
      new Proxy(trigger, {
        get(target, name) {
          if (state.watching) looked.push(module);
          return Reflect.get(target, name);
        },
      });
    return { workflow, triggers: triggers.map(see) };
  });
  const [workflows, modules] = [new LookUpOnly(catalog.workflows.entries()), new LookUpOnly(catalog.modules.entries())];
  const seen: Catalog = { ...catalog, workflows, modules, triggersOf: indexTriggers(entries) };
  state.watching = true;
  return { seen, looked, workflows, modules };
}

function creationIn(module: string, note: string): RecordChange {
  const actor = { user: '19x1' };
  return { kind: 'create', module, id: '103x1', before: undefined, after: { note }, changed: ['note'], actor };
}

function matcherOn(catalog: Catalog) {
  return createTriggerMatcher({
    catalog: async () => catalog,
    settings: { all: async () => ({}) },
    clock: { now: () => 0 },
    timeZone: 'UTC',
    evaluator: () => assert.fail('there are no conditions of the original here'),
  });
}

test('a save looks at the triggers of its own module, and at nothing of the others', async () => {
  const { catalog, diagnostics } = compileCatalog(documents(), 1);
  assert.deepEqual(diagnostics, []);
  assert.equal(catalog.workflows.size, MODULES * WORKFLOWS);
  const { seen, looked, workflows, modules } = watched(catalog);
  const runs = await matcherOn(seen).match(creationIn('Module3', 'yes'));
  assert.deepEqual(
    runs.map(({ workflow }) => workflow),
    ['Module3-0'],
  );
  assert.deepEqual([...new Set(looked)], ['Module3']);
  assert.deepEqual(workflows.lookedUp, ['Module3-0']);
  assert.deepEqual([...new Set(modules.lookedUp)], ['Module3']);
});

test('a save looks equally often whether there are other modules or not', async () => {
  const all = documents();
  const own = all.filter((document) => document.name === 'Module3' || document.name.startsWith('Module3-'));
  const counts = await Promise.all(
    [all, own].map(async (some) => {
      const { seen, looked, workflows, modules } = watched(compileCatalog(some, 1).catalog);
      await matcherOn(seen).match(creationIn('Module3', 'never'));
      return [looked.length, workflows.lookedUp.length, modules.lookedUp.length];
    }),
  );
  assert.deepEqual(counts[0], counts[1]);
  assert.ok((counts[0]?.[0] ?? 0) >= WORKFLOWS, 'the triggers were not watched');
});

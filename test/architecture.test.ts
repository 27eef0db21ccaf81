import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { checkArchitecture } from '../tools/architecture/check.ts';
import { importsOf } from '../tools/architecture/imports.ts';
import { ROOMS } from '../tools/architecture/rooms.ts';

const SOURCES = join(import.meta.dirname, '../src');

function readSources(): Map<string, string> {
  const files = globSync('**/*.ts', { cwd: SOURCES }).map((file) => file.replaceAll('\\', '/'));
  return new Map(files.toSorted().map((file) => [file, readFileSync(join(SOURCES, file), 'utf8')]));
}

describe('the sources', () => {
  it('keep to the rooms, packages, lengths and names of the house', () => {
    const sources = readSources();
    assert.ok(sources.has('core/run.ts') && sources.has('cli/program.ts'), 'the sources were not found');
    assert.deepEqual(checkArchitecture(sources), []);
  });

  it('have rooms that import one way', () => {
    const order = Object.keys(ROOMS);
    for (const [room, { rooms }] of Object.entries(ROOMS)) {
      for (const other of rooms) {
        assert.ok(order.indexOf(other.split('/')[0] ?? '') < order.indexOf(room), `${room} imports ${other}`);
      }
    }
  });

  it('have npm packages that belong to one room each', () => {
    const packages = Object.values(ROOMS).flatMap((rule) => rule.packages);
    assert.deepEqual(packages.toSorted(), [...new Set(packages)].toSorted());
  });
});

describe('the check', () => {
  const planted: readonly (readonly [file: string, source: string, rule: string])[] = [
    ['core/a.ts', `import { b } from '../xml/b.ts';`, 'room'],
    ['core/a.ts', `import type { B } from '../xml/b.ts';`, 'room'],
    ['core/a.ts', `export * from '../engine/b.ts';`, 'room'],
    ['core/a.ts', `import {\n  b,\n  c,\n} from '../xml/b.ts';`, 'room'],
    ['core/a.ts', `type B = import('../xml/b.ts').B;`, 'room'],
    ['engine/deep/a.ts', `const b = await import('../../crm/b.ts');`, 'room'],
    ['engine/a.ts', `new Worker(new URL('../store/reader.ts', import.meta.url));`, 'room'],
    ['runtime/a.ts', `import '../server/b.ts';`, 'room'],
    ['server/a.ts', `import { x } from '../runtime/install.ts';`, 'room'],
    ['index.ts', `export { x } from './engine/x.ts';`, 'room'],
    ['core/a.ts', `import { z } from 'zod';`, 'package'],
    ['engine/a.ts', `import { request } from 'undici';`, 'package'],
    ['cli/a.ts', `import { getConnInfo } from '@hono/node-server/conninfo';`, 'package'],
    ['core/a.ts', `import { readFile } from 'node:fs/promises';`, 'builtin'],
    ['engine/a.ts', `import http from "node:http";`, 'builtin'],
    ['core/a.ts', 'x;\n'.repeat(501), 'length'],
    ['index.ts', 'x;\n'.repeat(41), 'length'],
    ['core/utils.ts', '', 'name'],
    ['core/runState.ts', '', 'name'],
    ['attic/a.ts', '', 'room-unknown'],
  ];
  for (const [file, source, rule] of planted) {
    it(`finds ${rule} in ${file}: ${source.slice(0, 60).trim()}`, () => {
      assert.deepEqual(
        checkArchitecture(new Map([[file, source]])).map((breach) => breach.rule),
        [rule],
      );
    });
  }

  const fine: readonly (readonly [file: string, source: string])[] = [
    ['server/control/a.ts', `import type { Administration } from '../../runtime/administration.ts';`],
    ['core/a.ts', `import type { Run } from './run.ts';\nimport { createHash } from 'node:crypto';`],
    ['core/a.ts', `// import { b } from '../xml/b.ts';\n/**\n * import x from 'zod'\n */`],
    ['core/a.ts', `const text = "take it from 'zod'";`],
    ['cli/a.ts', `import { serve } from '../server/http-server.ts';`],
  ];
  for (const [file, source] of fine) {
    it(`lets ${file} be: ${source.slice(0, 60)}`, () =>
      assert.deepEqual(checkArchitecture(new Map([[file, source]])), []));
  }

  it('reads every way of importing', () => {
    const source = [
      `import a from 'a';`,
      `import 'b';`,
      `import type { C } from "c";`,
      `export { d } from 'd';`,
      `await import('e');`,
    ];
    assert.deepEqual(importsOf(source.join('\n')), ['a', 'b', 'c', 'd', 'e']);
  });
});

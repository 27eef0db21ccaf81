import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const ROOT = new URL('../../', import.meta.url);

/** A name that the library exports, and the file it comes from. */
interface ExportedName {
  readonly name: string;
  readonly file: string;
}

function read(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8');
}

/** What `export { a, type b } from './x.ts'` names; every export of the index must be of this form. */
function exportsOf(source: string): ExportedName[] {
  const statements = [...source.matchAll(/^export (?:type )?\{([^}]+)\} from '(\.[^']+)';$/gmu)];
  assert.equal(statements.length, source.match(/^export/gmu)?.length, 'an export of another form');
  return statements.flatMap(([, names = '', file = '']) =>
    names
      .split(',')
      .map((name) => name.replace(/^\s*type\s/u, '').trim())
      .filter((name) => name !== '')
      .map((name) => ({ name, file: new URL(file, new URL('src/', ROOT)).href })),
  );
}

/** The docstring right before the declaration of the name; undefined when there is none. */
function docstringOf({ name, file }: ExportedName): string | undefined {
  const source = readFileSync(new URL(file), 'utf8');
  const declared = new RegExp(
    String.raw`((?:/\*\*(?:(?!\*/)[\s\S])*\*/\n)?)export (?:async )?(?:interface|type|class|function|const) ${name}\b`,
    'u',
  ).exec(source);
  if (declared !== null) return declared[1] === '' ? undefined : declared[1];
  const passedOn = new RegExp(String.raw`export type \{[^}]*\b${name}\b[^}]*\} from '([^']+)'`, 'u').exec(source)?.[1];
  assert.ok(passedOn !== undefined, `${name} is not declared in ${file}`);
  return docstringOf({ name, file: new URL(passedOn, file).href });
}

describe('the public surface', () => {
  const names = exportsOf(read('src/index.ts'));

  it('has names', () => {
    assert.ok(names.some(({ name }) => name === 'createRuntime'));
    assert.ok(names.length > 20);
  });

  const guide = read('docs/library.md');
  for (const exported of names) {
    it(`explains ${exported.name} where it is declared, and in the guide`, () => {
      assert.ok((docstringOf(exported)?.length ?? 0) > 20, 'no docstring');
      assert.match(guide, new RegExp(String.raw`\b${exported.name}\b`, 'u'));
    });
  }

  it('has a guide that links to files that are there', () => {
    const targets = [...guide.matchAll(/\]\(([^)#:]+)\)/gu)].map(([, target = '']) => target);
    assert.ok(targets.length > 4);
    for (const target of targets) assert.doesNotThrow(() => readFileSync(new URL(target, new URL('docs/', ROOT))));
  });
});

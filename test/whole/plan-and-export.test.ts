import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { PlanReport } from '../../src/runtime/administration.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { ADMIN } from './install-fixture.ts';
import { mapwright, refused } from './command-here.ts';
import { serve, temporaryFolder } from './command-line.ts';

/** A folder made by `init`, with its own install; commands run inside of it. */
async function authored(t: TestContext) {
  const folder = await temporaryFolder(t);
  const inside = (words: readonly string[]) => mapwright(words, { cwd: folder });
  assert.equal((await inside(['init'])).exitCode, 0);
  const edit = async (file: string, from: string, to: string): Promise<void> => {
    const path = join(folder, 'documents', file);
    const text = await readFile(path, 'utf8');
    assert.ok(text.includes(from), from);
    await writeFile(path, text.replace(from, to));
  };
  const plan = async (...words: string[]): Promise<PlanReport> => {
    const { output } = await inside(['plan', '--json', ...words]);
    return JSON.parse(output) as PlanReport;
  };
  return { folder, inside, edit, plan };
}

function differing({ changes }: Pick<PlanReport, 'changes'>): string[] {
  return changes.flatMap(({ kind, name, change }) => (change === 'unchanged' ? [] : [`${change} ${kind} ${name}`]));
}

describe('plan', () => {
  it('adds everything where there is no install, and makes none', async (t) => {
    const { folder, inside, plan } = await authored(t);
    assert.equal(differing(await plan()).length, 4);
    assert.ok(!(await readdir(folder)).includes('mapwright-data'));
    assert.match((await inside(['plan'])).output, /^apply would make revision 1: 4 added, 0 changed/mu);
  });

  it('tells what apply does then: documents, lines, columns, fields, runs', async (t) => {
    const { folder, inside, edit, plan } = await authored(t);
    await inside(['apply', 'documents']);
    assert.deepEqual(differing(await plan()), []);
    const install = await openInstall({ folder: join(folder, 'mapwright-data'), env: {} });
    await install.crm.create({ actor: ADMIN, module: 'Customers', element: { name: 'Anna' } });
    await install.close();
    await edit('hello-create.xml', 'Hello {record.name}', 'Hi {record.name}');
    await edit('hello-create.xml', '<parameter name="email" field="email"/>', '');
    await edit(
      'customers.xml',
      '<field name="email" label="E-mail" type="email"/>',
      '<field name="boss" type="owner"/>',
    );
    const planned = await plan();
    assert.deepEqual(differing(planned), ['changed map hello-create', 'changed module Customers']);
    assert.deepEqual(planned.modules, [
      { module: 'Customers', isNew: false, columns: ['boss'], indexes: ['boss'], hidden: ['email'] },
    ]);
    assert.deepEqual(planned.unfinished, { 'customer-created': 1 });
    const { output, exitCode } = await inside(['plan']);
    assert.equal(exitCode, 0);
    assert.match(output, /^ {4}- .*Hello \{record\.name\}.*\n {4}\+ .*Hi \{record\.name\}/mu);
    assert.match(output, /^module Customers: adds column boss; adds index on boss; no longer shows email/mu);
    assert.match(
      output,
      /^1 unfinished run keeps to the revision it was accepted with \(now 1\): customer-created 1$/mu,
    );
    assert.doesNotMatch(output, /\u001b/u);
    await inside(['apply', 'documents']);
    assert.deepEqual([(await plan()).revision, differing(await plan())], [2, []]);
  });

  it('is the same through a running server, and removes only with --prune', async (t) => {
    const { folder, inside, edit, plan } = await authored(t);
    await inside(['apply', 'documents']);
    await edit('customer-created.xml', 'on="create"', 'on="save"');
    const alone = [
      await plan('documents/customer-created.xml'),
      await plan('--prune', 'documents/customer-created.xml'),
    ];
    const server = await serve(t, join(folder, 'mapwright-data'));
    const served = [
      await plan('documents/customer-created.xml'),
      await plan('--prune', 'documents/customer-created.xml'),
    ];
    assert.deepEqual(served, alone);
    assert.deepEqual(
      alone.map((one) => differing(one).filter((change) => change.startsWith('removed')).length),
      [0, 3],
    );
    assert.deepEqual(await server.end('SIGTERM'), [0, null]);
  });

  it('ends with 1 when there are errors, those of the database among them, and apply refuses the same', async (t) => {
    const { inside, edit } = await authored(t);
    await inside(['apply', 'documents']);
    await edit(
      'customers.xml',
      '<field name="email" label="E-mail" type="email"/>',
      '<field name="email" type="integer"/>',
    );
    const planned = await inside(['plan']);
    assert.equal(planned.exitCode, 1);
    assert.match(planned.output, /^documents\/customers\.xml:3:\d+ error STORE_FIELD_TYPE_CHANGED /mu);
    assert.match(planned.output, /^apply would change nothing: 1 error/mu);
    const applied = await inside(['apply', 'documents']);
    assert.equal(applied.exitCode, 1);
    assert.match(applied.output, /STORE_FIELD_TYPE_CHANGED .*[^]*revision 1 stays in force/u);
  });

  it('wants to know of what, where there is no documents/', async (t) => {
    await refused('CLI_USAGE', ['plan'], { cwd: await temporaryFolder(t) });
  });
});

describe('export', () => {
  it('gives what init made and apply took, byte for byte, and applying it again changes nothing', async (t) => {
    const { folder, inside, plan } = await authored(t);
    const both =
      '<documents xmlns="urn:mapwright:1">\r\n<module name="A" label="A" prefix="71" title="a"><field name="a" type="string"/></module>\r\n<module name="B" label="B" prefix="72" title="b"><field name="b" type="string"/></module></documents>';
    await mkdir(join(folder, 'documents/more'));
    await writeFile(join(folder, 'documents/more/both.xml'), both);
    await inside(['apply', 'documents']);
    const { exitCode } = await inside(['export', 'out']);
    assert.equal(exitCode, 0);
    const files = async (of: string) => {
      const names = (await readdir(join(folder, of), { recursive: true })).filter((name) => name.endsWith('.xml'));
      return Promise.all(
        names.toSorted().map(async (name) => [name, await readFile(join(folder, of, name), 'base64')]),
      );
    };
    assert.deepEqual(await files('out'), await files('documents'));
    assert.deepEqual(differing(await plan('--prune', 'out')), []);
    const again = await inside(['apply', '--prune', 'out']);
    assert.match(again.output, /nothing differs: revision 1/u);
    assert.match((await inside(['export', 'documents'])).output, /^ {2}more\/both\.xml {3}module A, module B$/mu);
  });

  it('keeps what differs unless it is forced, and older revisions can be had', async (t) => {
    const { folder, inside, edit } = await authored(t);
    await inside(['apply', 'documents']);
    await edit('hello-create.xml', 'Hello ', 'Hi ');
    const { errors } = await refused('CLI_EXPORT_DIFFERS', ['export', 'documents'], { cwd: folder });
    assert.match(errors, /hello-create\.xml/u);
    await inside(['apply', 'documents']);
    const list = JSON.parse((await inside(['export', '--list', '--json'])).output) as {
      readonly revisions: readonly { readonly number: number; readonly documents: number }[];
    };
    assert.deepEqual(
      list.revisions.map(({ number, documents }) => [number, documents]),
      [
        [2, 4],
        [1, 4],
      ],
    );
    assert.equal((await inside(['export', 'documents', '--revision', '1', '--force'])).exitCode, 0);
    assert.ok((await readFile(join(folder, 'documents/hello-create.xml'), 'utf8')).includes('Hello '));
    await refused('REVISION_UNKNOWN', ['export', 'x', '--revision', '9'], { cwd: folder });
    await refused('CLI_USAGE', ['export'], { cwd: folder });
  });

  it('writes nothing outside of the folder, whatever files are called and wherever links lead', async (t) => {
    const { folder, inside } = await authored(t);
    const outside = await temporaryFolder(t);
    await mkdir(join(folder, 'up'));
    const install = await openInstall({ folder: join(folder, 'mapwright-data'), env: {} });
    const text =
      '<module xmlns="urn:mapwright:1" name="A" label="A" prefix="71" title="a"><field name="a" type="string"/></module>';
    const other = text.replace('"A" label', '"B" label').replace('71', '72');
    await install.administration.apply({
      documents: [
        { file: '../../../evil.xml', text },
        { file: 'linked/b.xml', text: other },
      ],
      prune: false,
      dryRun: false,
      by: 'test',
    });
    await install.close();
    assert.equal((await inside(['export', 'up/out'])).exitCode, 0);
    assert.deepEqual((await readdir(join(folder, 'up'), { recursive: true })).toSorted(), [
      'out',
      'out/evil.xml',
      'out/linked',
      'out/linked/b.xml',
    ]);
    await mkdir(join(folder, 'trap'));
    await symlink(outside, join(folder, 'trap/linked'));
    await refused('CLI_EXPORT_OUTSIDE', ['export', 'trap', '--force'], { cwd: folder });
    await writeFile(join(outside, 'kept.xml'), 'mine');
    await symlink(join(outside, 'kept.xml'), join(folder, 'up/evil.xml'));
    assert.equal((await inside(['export', 'up', '--force'])).exitCode, 0);
    assert.equal(await readFile(join(outside, 'kept.xml'), 'utf8'), 'mine');
    assert.deepEqual(await readdir(outside), ['kept.xml']);
  });
});

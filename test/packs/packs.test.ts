import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import { joinPlans } from '../../src/catalog/compiled-plan.ts';
import { renderDiagnostic } from '../../src/core/diagnostic.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { CommandRunner } from '../../src/cli/command-runner.ts';
import type { WebserviceMap } from '../../src/document/map.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { runMapTests } from '../../src/runtime/map-tests.ts';
import { fakeAdministration } from '../cli/fake-administration.ts';
import { fakeShell } from '../cli/fake-shell.ts';
import { TestInstall } from '../whole/install-fixture.ts';
import { namesIn, PACKS, type Pack, packDocuments, packReadme } from './pack-install.ts';

function packTests(pack: Pack): SourceFile[] {
  const folder = new URL(`../../maps/${pack}/tests/`, import.meta.url);
  return readdirSync(folder).map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }));
}

function problemsOf(files: readonly SourceFile[]): string[] {
  return checkDocuments(files).diagnostics.map((one) => renderDiagnostic(one));
}

function mapsOf(pack: Pack): WebserviceMap[] {
  return packDocuments(pack).flatMap((file) =>
    readDocuments(file).documents.flatMap((document) => (document.kind === 'map' ? [document] : [])),
  );
}

/** What a page has in its fenced blocks of one language; `` for none. */
function blocksIn(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gmsu'))].map(([, text = '']) => text);
}

/** The commands in a page: lines of blocks, and those inside of sentences. */
function commandsIn(page: string): string[] {
  const lines = blocksIn(page, '').flatMap((block) => block.split('\n').filter((line) => line !== ''));
  return [...lines, ...[...page.matchAll(/`(mapwright [^`\n]+)`/gu)].map(([, command = '']) => command)];
}

/** The words of a line for a shell; single quotes hold words together. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Why the program would not take the line; undefined when it does. */
function problemWith(program: Command, line: string): string | undefined {
  const [name, ...words] = wordsOf(line);
  if (name !== 'mapwright') return `it begins with ${name}`;
  let command = program;
  for (;;) {
    const inner = command.commands.find((one) => one.name() === words[0] || one.aliases().includes(words[0] ?? ''));
    if (inner === undefined) break;
    command = inner;
    words.shift();
  }
  if (command === program || command.commands.length > 0) return `there is no command ${words[0]}`;
  let given = 0;
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (!word.startsWith('--')) given++;
    else {
      const option = [...command.options, ...program.options].find(({ long }) => long === word);
      if (option === undefined) return `it has no ${word}`;
      if (option.required) words.shift();
    }
  }
  const needed = command.registeredArguments.filter(({ required }) => required).length;
  const most = command.registeredArguments.some(({ variadic }) => variadic)
    ? Infinity
    : command.registeredArguments.length;
  return given < needed || given > most ? `it has ${given} arguments` : undefined;
}

for (const pack of PACKS) {
  describe(`maps/${pack}`, () => {
    it('passes check without a warning, its tests too', () => {
      assert.deepEqual(problemsOf([...packDocuments(pack), ...packTests(pack)]), []);
    });

    it('says of every map and parameter what it is, and of which type an output is', () => {
      const maps = mapsOf(pack);
      assert.deepEqual(maps.map(({ name }) => name).toSorted(), namesIn(pack, 'map').toSorted());
      for (const { name, label, description, parameters, response } of maps) {
        assert.ok((label ?? '') !== '' && (description ?? '') !== '', name);
        const untold = parameters.filter((one) => one.description === undefined && one.source.kind !== 'value');
        assert.deepEqual([name, ...untold.map((one) => one.name)], [name]);
        const untyped = response.outputs.filter(({ type, value }) => type === undefined && value === undefined);
        assert.deepEqual([name, ...untyped.map(({ context }) => context?.value)], [name]);
      }
    });

    it('has map tests that pass: of every map a success and a failure', async () => {
      const sources = [...packDocuments(pack), ...packTests(pack)];
      const { cases } = await runMapTests({ sources, inForce: [], isWanted: () => true });
      assert.deepEqual(
        cases.filter(({ status }) => status !== 'passed').map(({ map, name }) => `${map}: ${name}`),
        [],
      );
      const tests = packTests(pack).flatMap((file) => readDocuments(file).documents);
      for (const map of namesIn(pack, 'map')) {
        const all = tests.flatMap((test) => (test.kind === 'map-test' && test.map.value === map ? test.cases : []));
        assert.ok(
          all.some(({ expected }) => expected.failed !== undefined),
          `${map}: a failure`,
        );
        // What is sent of a file is shown by the calls that are really made.
        if (map !== 'rest-upload')
          assert.ok(
            all.some(({ expected }) => expected.sent !== undefined),
            `${map}: a success`,
          );
      }
    });

    it('tries nothing again that may have been done already, unless that does no harm', () => {
      const documents = packDocuments(pack).flatMap((file) => readDocuments(file).documents);
      const { maps } = compileCatalog(documents, 0).catalog;
      for (const { name, plan, service, carriesStepKey, document } of maps.values()) {
        const { call } = document;
        const isRepeatable = call.isSafe === true || call.inDoubt === 'resend' || carriesStepKey;
        if (isRepeatable || ['GET', 'PUT', 'DELETE'].includes(call.method)) continue;
        const on = joinPlans([plan, service?.plan])?.retry?.on ?? [];
        assert.ok(on.includes('503'), name);
        assert.deepEqual([name, ...on.filter((one) => ['5xx', '500', '502', '504'].includes(one))], [name]);
      }
    });

    it('has a page that names all it brings, and no command that is not there', async () => {
      const page = packReadme(pack);
      const text = packDocuments(pack).find(({ file }) => file === 'pack.xml')?.text ?? '';
      const named = [...text.matchAll(/<(?:setting|secret) name="([^"]+)"/gu)].map(([, name = '']) => name);
      assert.ok(named.length > 0);
      for (const name of [...namesIn(pack, 'map'), ...namesIn(pack, 'workflow'), ...named])
        assert.ok(page.includes(`\`${name}\``) || page.includes(` ${name}`), name);
      const program = await buildProgram(new CommandRunner(fakeShell({ administration: fakeAdministration() }).shell), {
        version: '0.0.0',
      });
      const commands = commandsIn(page);
      assert.ok(commands.length >= 4);
      assert.deepEqual(
        commands.flatMap((line) => problemWith(program, line)?.concat(`: ${line}`) ?? []),
        [],
      );
      const shown = blocksIn(page, 'xml').map((xml, index) => ({ file: `README#${index + 1}.xml`, text: xml }));
      assert.deepEqual(problemsOf([...packDocuments(pack), ...shown]), []);
    });

    it('is imported into a new install whole, and tells what has to be set', async (t) => {
      const { administration } = (await TestInstall.open(t, { documents: [], worker: false })).install;
      const given = { shipped: pack, overwrite: false, withValues: false, dryRun: false, by: 'test' };
      const report = await administration.importPack(given);
      assert.equal(report.stored, true, report.diagnostics.map((one) => renderDiagnostic(one)).join('\n'));
      const text = packDocuments(pack).find(({ file }) => file === 'pack.xml')?.text ?? '';
      const wanted = [...text.matchAll(/<(?:setting|secret) name="([^"]+)"/gu)].map(([, name = '']) => name);
      assert.deepEqual(report.needs.map(({ name }) => name).toSorted(), wanted.toSorted());
      assert.equal((await administration.importPack(given)).stored, false);
    });
  });
}

describe('all shipped packs', () => {
  it('go into one install beside each other', () => {
    assert.deepEqual(
      problemsOf(PACKS.flatMap((pack) => packDocuments(pack).map((one) => ({ ...one, file: `${pack}/${one.file}` })))),
      [],
    );
  });
});

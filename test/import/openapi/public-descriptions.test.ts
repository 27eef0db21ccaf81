import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { hasErrors } from '../../../src/core/diagnostic.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { importOpenApi } from '../../../src/import/openapi/import-openapi.ts';
import { readDescription } from '../../../src/import/openapi/read-description.ts';
import { takeDescription } from '../../../src/runtime/import/description-import.ts';
import { TestInstall } from '../../whole/install-fixture.ts';
import { validatingPeer } from './validating-peer.ts';

/** Descriptions that npm packages ship, and how many operations each has. */
const DESCRIPTIONS = [
  { file: '@figma/rest-api-spec/openapi/openapi.yaml', operations: 54 },
  { file: '@readme/oas-examples/3.1/json/readme.json', operations: 54 },
  { file: '@readme/oas-examples/3.0/json/star-trek.json', operations: 120 },
] as const;

async function read(file: string): Promise<JsonObject> {
  return readDescription(await readFile(createRequire(import.meta.url).resolve(file), 'utf8'), file);
}

/** Eight at once. */
async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await work(one);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

for (const { file, operations } of DESCRIPTIONS) {
  describe(file, () => {
    it('becomes maps that check finds no errors in', async () => {
      const root = await read(file);
      const api = importOpenApi({ root, files: new Map() }, { name: 'public' });
      assert.equal(api.calls.length, operations);
      const { documents, diagnostics } = takeDescription(api, { withTests: true });
      assert.equal(hasErrors(diagnostics), false);
      assert.equal(documents.filter(({ kind }) => kind === 'map').length, operations);
    });

    it('becomes calls that a server finds nothing wrong with that reads the same description', async (t) => {
      const root = await read(file);
      const peer = await validatingPeer(t, root);
      const api = importOpenApi({ root, files: new Map() }, { name: 'public', url: peer.url });
      const { documents, wanted } = takeDescription(api, { withTests: false });
      const secrets = Object.fromEntries(
        wanted.flatMap(({ kind, name }) => (kind === 'secret' ? [[name, 'k-1']] : [])),
      );
      const sources = documents.map(({ path, text }) => ({ file: path, text }));
      const { install } = await TestInstall.open(t, { documents: sources, secrets, worker: false });
      const failures: string[] = [];
      await inTurns(api.calls, async ({ name, example }) => {
        const context = Object.fromEntries(example?.context ?? []) as JsonObject;
        const { failure } = await install.administration.tryMap({
          map: name,
          documents: [],
          record: {},
          context,
          send: true,
        });
        if (failure !== undefined) failures.push(`${name} ${failure.code} ${failure.message}`);
      });
      assert.deepEqual(failures, []);
      assert.deepEqual(peer.violations, []);
      assert.equal(new Set(peer.called).size, operations);
    });
  });
}

describe('the server that reads the same description', () => {
  it('finds what is wrong with requests', async (t) => {
    const peer = await validatingPeer(t, await read(DESCRIPTIONS[0].file));
    const send = async (path: string, init?: RequestInit): Promise<void> => {
      await (await fetch(peer.url + path, init)).arrayBuffer();
    };
    const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
    await send('/v1/nowhere');
    await send('/v1/files/k1?depth=deep&colour=red');
    await send('/v1/files/k1/comments', { ...post, body: '{"message":5}' });
    await send('/v1/files/k1/comments', { ...post, body: '{"message":"fine"}' });
    assert.deepEqual(peer.violations, [
      'GET /v1/nowhere is described nowhere',
      'GET /v1/files/{file_key} query depth /value must be number',
      'GET /v1/files/{file_key} query colour is not described',
      'POST /v1/files/{file_key}/comments body/message must be string',
    ]);
  });
});

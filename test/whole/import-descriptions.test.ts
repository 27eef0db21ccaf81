import assert from 'node:assert/strict';
import { readFile, readdir, writeFile, mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { mapwright, refused } from './command-here.ts';
import { temporaryFolder } from './command-line.ts';

const PETS = `openapi: 3.0.3
info: {title: Pets, version: "1"}
servers: [{url: "https://{region}.pets.example", variables: {region: {default: eu}}}]
security: [{key: []}]
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
paths:
  /pets:
    get: {operationId: listPets, tags: [read], summary: All of them, responses: {"200": {description: ok}}}
    post:
      operationId: addPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: "schemas/pet.yaml#/Pet"}}}}
      responses: {"201": {description: ok}}
  /old: {$ref: "../outside.yaml#/x"}
`;

const SCHEMAS = `Pet: {type: object, required: [name], properties: {name: {$ref: "#/Name"}, age: {$ref: "more.json#/age"}}}
Name: {type: string, example: Tom}
`;

async function folderWithPets(t: Parameters<typeof temporaryFolder>[0]): Promise<string> {
  const cwd = join(await temporaryFolder(t), 'in');
  await mkdir(join(cwd, 'schemas'), { recursive: true });
  await writeFile(join(cwd, 'pets.yaml'), PETS);
  await writeFile(join(cwd, 'schemas', 'pet.yaml'), SCHEMAS);
  await writeFile(join(cwd, 'schemas', 'more.json'), '{"age":{"type":"integer"}}');
  await writeFile(join(cwd, '..', 'outside.yaml'), 'x: {get: {operationId: outside}}');
  return cwd;
}

/** The files below a folder, sorted. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

describe('mapwright import-openapi', () => {
  it('lists, shows, writes, and leaves alone what differs', async (t) => {
    const cwd = await folderWithPets(t);
    const listed = await mapwright(['import-openapi', 'pets.yaml', '--list', '--json'], { cwd });
    assert.deepEqual(
      (JSON.parse(listed.output) as { readonly id: string }[]).map(({ id }) => id),
      ['listPets', 'addPet'],
    );
    const shown = await mapwright(['import-openapi', 'pets.yaml', '--dry-run'], { cwd });
    assert.equal(shown.exitCode, 0, shown.errors);
    assert.deepEqual(await filesIn(join(cwd, 'documents')), []);
    for (const said of ['mapwright setting set pets_region eu', 'mapwright secret set pets-key', '../outside.yaml']) {
      assert.ok(shown.output.includes(said), shown.output);
    }
    assert.equal((await mapwright(['import-openapi', 'pets.yaml'], { cwd })).exitCode, 0);
    const files = await filesIn(join(cwd, 'documents'));
    assert.deepEqual(files, [
      'credentials/pets-key.xml',
      'maps/pets/pets-add-pet.xml',
      'maps/pets/pets-list-pets.xml',
      'services/pets.xml',
      'tests/pets/pets-add-pet.test.xml',
      'tests/pets/pets-list-pets.test.xml',
    ]);
    const map = join(cwd, 'documents', 'maps/pets/pets-add-pet.xml');
    const text = await readFile(map, 'utf8');
    assert.match(text, /name="age" in="body" context="age" type="integer"/u);
    const again = await mapwright(['import-openapi', 'pets.yaml', '--json'], { cwd });
    assert.ok(!again.output.includes('"written"') && again.exitCode === 0, again.output);
    await writeFile(map, text.replace('context="age"', 'context="years"'));
    const differing = await mapwright(['import-openapi', 'pets.yaml'], { cwd });
    assert.equal(differing.exitCode, 1);
    assert.ok((await readFile(map, 'utf8')).includes('years'));
    assert.equal((await mapwright(['import-openapi', 'pets.yaml', '--overwrite'], { cwd })).exitCode, 0);
    assert.equal(await readFile(map, 'utf8'), text);
    assert.equal((await mapwright(['test', 'documents'], { cwd })).exitCode, 0);
    assert.equal((await mapwright(['check', 'documents'], { cwd })).exitCode, 0);
  });

  it('puts documents in force instead of writing them', async (t) => {
    const cwd = await folderWithPets(t);
    await writeFile(join(cwd, 'tom.json'), '{"name":"Tom"}');
    const applied = await mapwright(['import-openapi', 'pets.yaml', '--operation', 'addPet', '--apply', '--json'], {
      cwd,
    });
    assert.equal(applied.exitCode, 0, applied.errors);
    const facts = JSON.parse(applied.output) as {
      readonly applied: { readonly stored: boolean; readonly changes: readonly { readonly name: string }[] };
    };
    assert.equal(facts.applied.stored, true);
    assert.deepEqual(facts.applied.changes.map(({ name }) => name).toSorted(), ['pets', 'pets-add-pet', 'pets-key']);
    assert.deepEqual(await filesIn(join(cwd, 'documents')), []);
    const tried = await mapwright(['run', 'pets-add-pet', '--dry-run', '--context', 'tom.json'], { cwd });
    assert.match(tried.output + tried.errors, /pets_region/u);
  });

  it('asks an address under the rules for outward calls', async (t) => {
    const cwd = await folderWithPets(t);
    const server = createServer(
      (request, response) => void (request.url === '/pets.yaml' ? response.end(PETS) : response.writeHead(404).end()),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await refused('IMPORT_DESCRIPTION_UNREACHED', ['import-openapi', `${url}/pets.yaml`], { cwd });
    await mapwright(['import-openapi', 'pets.yaml', '--apply'], { cwd });
    await mapwright(['setting', 'set', 'egress.allow', '127.0.0.1:*'], { cwd });
    const listed = await mapwright(['import-openapi', `${url}/pets.yaml`, '--list'], { cwd });
    assert.match(listed.output, /listPets/u, listed.errors);
    await refused('IMPORT_DESCRIPTION_UNREACHED', ['import-openapi', `${url}/gone.yaml`], { cwd });
  });

  it('refuses what it cannot use, before it writes anything', async (t) => {
    const cwd = await folderWithPets(t);
    await writeFile(join(cwd, 'old.json'), '{"swagger":"2.0"}');
    await refused('IMPORT_OPENAPI_VERSION', ['import-openapi', 'old.json'], { cwd });
    await refused('IMPORT_OPERATION_UNKNOWN', ['import-openapi', 'pets.yaml', '--operation', 'addPets'], { cwd });
    await refused('IMPORT_SECURITY_UNKNOWN', ['import-openapi', 'pets.yaml', '--security', 'token'], { cwd });
    await refused('CLI_FILE_MISSING', ['import-openapi', 'pet.yaml'], { cwd });
    await refused('CLI_USAGE', ['import-openapi', 'pets.yaml', '--variable', 'region'], { cwd });
    await refused('CLI_USAGE', ['import-openapi', 'pets.yaml', '--server', 'pets.example'], { cwd });
    await refused('CLI_USAGE', ['import-openapi', 'pets.yaml', '--name', '1 2'], { cwd });
    assert.deepEqual(await filesIn(join(cwd, 'documents')), []);
  });
});

describe('mapwright import-curl', () => {
  it('takes a command, a file and standard input, and writes no secret', async (t) => {
    const cwd = await temporaryFolder(t);
    const command = `curl https://api.shop.example/orders -H 'Authorization: Bearer S3CR3T' -d total=5`;
    await writeFile(join(cwd, 'commands.txt'), `${command}\n${command} -X PUT\n`);
    const given = await mapwright(['import-curl', command, '--out', 'a'], { cwd });
    const piped = await mapwright(['import-curl', '-', '--out', 'b'], { cwd, input: command });
    const file = await mapwright(['import-curl', 'commands.txt', '--out', 'c', '--no-tests'], { cwd });
    assert.deepEqual(
      [given.exitCode, piped.exitCode, file.exitCode],
      [0, 0, 0],
      given.errors + piped.errors + file.errors,
    );
    assert.deepEqual(await filesIn(join(cwd, 'a')), await filesIn(join(cwd, 'b')));
    assert.deepEqual(await filesIn(join(cwd, 'c')), [
      'credentials/shop.xml',
      'maps/shop/shop-post-orders.xml',
      'maps/shop/shop-put-orders.xml',
      'services/shop.xml',
    ]);
    const texts = await Promise.all(
      (await filesIn(join(cwd, 'a'))).map((one) => readFile(join(cwd, 'a', one), 'utf8')),
    );
    assert.ok(!`${texts.join('')}${given.output}${given.errors}`.includes('S3CR3T'));
    await refused('IMPORT_CURL_INVALID', ['import-curl', '-'], { cwd, input: 'wget x' });
  });
});

describe('mapwright import-postman', () => {
  it('takes a collection with an environment', async (t) => {
    const cwd = await temporaryFolder(t);
    const item = [{ name: 'List', request: { method: 'GET', url: '{{host}}/orders' } }];
    await writeFile(join(cwd, 'shop.json'), JSON.stringify({ info: { name: 'Shop' }, item }));
    await writeFile(
      join(cwd, 'test.json'),
      JSON.stringify({ values: [{ key: 'host', value: 'https://test.example' }] }),
    );
    const { output, exitCode } = await mapwright(['import-postman', 'shop.json', '--environment', 'test.json'], {
      cwd,
    });
    assert.equal(exitCode, 0, output);
    assert.match(output, /setting set shop_host https:\/\/test\.example/u);
    await refused('IMPORT_POSTMAN_UNKNOWN', ['import-postman', 'test.json'], { cwd });
    await refused('CLI_JSON_INVALID', ['import-postman', '-'], { cwd, input: '{' });
  });
});

describe('mapwright import-wsdl', () => {
  it('takes a file with what it imports beside it', async (t) => {
    const cwd = await temporaryFolder(t);
    const wsdl = await readFile(new URL('../fixtures/soap/check-vat.wsdl', import.meta.url), 'utf8');
    await writeFile(join(cwd, 'check-vat.wsdl'), wsdl);
    await writeFile(
      join(cwd, 'outer.wsdl'),
      '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><import namespace="urn:x" location="https://elsewhere.example/wsdl/check-vat.wsdl"/></definitions>',
    );
    const { output, exitCode, errors } = await mapwright(['import-wsdl', 'outer.wsdl', '--name', 'vat'], { cwd });
    assert.equal(exitCode, 0, errors);
    assert.match(output, /vat-check-vat/u);
    const listed = await mapwright(['import-wsdl', 'check-vat.wsdl', '--list'], { cwd });
    assert.match(listed.output, /^checkVat\(countryCode, vatNumber, note\) -> /u);
    await writeFile(join(cwd, 'broken.wsdl'), '<a/>');
    await refused('SOAP_WSDL_INVALID', ['import-wsdl', 'broken.wsdl'], { cwd });
    await refused('CLI_FILE_MISSING', ['import-wsdl', 'gone.wsdl'], { cwd });
  });
});

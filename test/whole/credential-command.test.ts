import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it } from 'node:test';
import { CLIENT_SECRET } from '../connector/credential/credential-world.ts';
import { tokenPeer } from '../connector/credential/token-peer.ts';
import { BIN, mapwright } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';
import { ServedTest } from './served-install.ts';
import { comingBack, SignInBrowser } from './sign-in-browser.ts';

it('the command waits for the browser, and the credential works from then on', async (t) => {
  const peer = await tokenPeer(t, { refreshes: true });
  const documents = [
    nativeDocument(
      'credential',
      'name="docs" kind="oauth2-authorization-code"',
      `<authorization url="${peer.url}/auth"/><token url="${peer.tokenUrl}"/><client id="crm" secret="client-secret"/>`,
    ),
    nativeDocument('service', `name="shop" url="${peer.url}" credential="docs"`, ''),
  ];
  const test = await ServedTest.open(t, documents);
  const { administration } = test.install;
  await administration.setSecret({ name: 'client-secret', value: CLIENT_SECRET, by: 'test' });
  const { folder } = await administration.status();
  const child = spawn(process.execPath, [BIN, 'credential', 'connect', 'docs', '--dir', folder], {
    env: { ...process.env, MAPWRIGHT_DIR: '' },
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const url = await until('the address is printed', () => /^ {2}(http:\S+)$/mu.exec(output)?.[1]);
  const browser = new SignInBrowser();
  await browser.open(comingBack(await browser.goOn(url), { code: 'a-code' }));
  assert.deepEqual((await ended)[0], 0, output);
  assert.match(output, /docs is connected/u);
  const tested = await mapwright(['credential', 'test', 'docs', '--dir', folder]);
  assert.equal(tested.exitCode, 0, tested.output + tested.errors);
  assert.match(tested.output, /^docs: yes/u);
  assert.equal(tested.output.includes('token-1'), false);
  const draft = documents[0]?.text.replace('name="docs"', 'name="draft"') ?? '';
  const words = ['credential', 'test', '--file', '-', '--address', peer.url, '--dir', folder];
  const untried = await mapwright(words, { input: draft });
  assert.deepEqual(
    [untried.exitCode, /draft: no, .*has not connected/u.test(untried.output)],
    [1, true],
    untried.output,
  );
});

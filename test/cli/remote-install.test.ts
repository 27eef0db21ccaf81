import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { remoteInstall } from '../../src/cli/remote-install.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

function named(url: string, token = 'mw_1') {
  const warnings: string[] = [];
  const shell = { environment: { MAPWRIGHT_TOKEN: token }, printError: (text: string) => void warnings.push(text) };
  return { ...remoteInstall({ url }, shell), warnings };
}

describe('an install on another machine', () => {
  it('is named by its address, with or without a path and a slash at the end', () => {
    for (const [url, told] of [
      ['https://maps.example.com', 'https://maps.example.com'],
      ['https://maps.example.com/', 'https://maps.example.com'],
      ['https://example.com/maps/', 'https://example.com/maps'],
    ] as const) {
      assert.deepEqual(named(url), { remote: { url: told, token: 'mw_1' }, warnings: [] });
    }
  });

  it('that is reached without encryption is warned of, unless it is this machine', () => {
    for (const url of ['http://maps.example.com', 'http://10.0.0.7:8080', 'http://localhost.example.com']) {
      assert.equal(named(url).warnings.length, 1, url);
    }
    for (const url of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080']) {
      assert.deepEqual(named(url).warnings, [], url);
    }
  });

  it('is no address with a password or a query in it', () => {
    const refused = (url: string): string => {
      try {
        named(url);
      } catch (thrown) {
        assert.ok(thrown instanceof UsageError);
        return thrown.message;
      }
      return assert.fail(`${url} was taken`);
    };
    assert.doesNotMatch(refused('https://anna:hush@maps.example.com'), /hush/u);
    for (const url of [
      'https://maps.example.com/?a=1',
      'https://maps.example.com/#a',
      'ftp://x',
      'nowhere',
      'https://',
    ]) {
      refused(url);
    }
  });

  it('gets the token without the line break of its file, and no other than a word', () => {
    assert.equal(named('https://maps.example.com', 'mw_1\r\n').remote?.token, 'mw_1');
    for (const token of ['mw_1\nmw_2', 'mw_ü', '', '  ']) {
      assert.throws(
        () => named('https://maps.example.com', token),
        (thrown) => thrown instanceof UsageError && !thrown.message.includes('mw_'),
      );
    }
  });
});

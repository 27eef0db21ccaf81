import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openInstallLog } from '../../../src/server/log/install-log.ts';

describe('a log', () => {
  const hostile = new Error('no module "x\nrun 7 nightly completed\u001b[2J\u2028y" of key hush');
  const told = (format: 'text' | 'json'): readonly string[] => {
    const lines: string[] = [];
    const log = openInstallLog({
      format,
      level: 'info',
      write: (line) => void lines.push(line),
      mask: (text) => text.replaceAll('hush', '...'),
    });
    log.failed({ id: 'r1', operation: 'create', error: hostile });
    return lines;
  };

  for (const format of ['text', 'json'] as const) {
    it(`as ${format} is one line for one thing, whatever an error quotes`, () => {
      const [line = '', ...others] = told(format);
      assert.deepEqual(others, []);
      assert.match(line, /create failed \(r1\)/u);
      assert.doesNotMatch(line, /[\n\r\u001b]|hush/u);
    });
  }
});

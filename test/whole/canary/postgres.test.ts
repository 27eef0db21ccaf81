import { describe, it } from 'node:test';
import { assertKeptSecretInPostgres } from './canary-test.ts';
import { KEY_SCENES, MESSAGE_SCENES, SIGNING_SCENES } from './plain-scenes.ts';
import { TOKEN_SCENES } from './token-scenes.ts';

describe('an install in PostgreSQL stores nothing in plain text of', () => {
  for (const scene of [...KEY_SCENES, ...SIGNING_SCENES, ...MESSAGE_SCENES, ...TOKEN_SCENES]) {
    it(scene.name, (t) => assertKeptSecretInPostgres(t, scene));
  }
});

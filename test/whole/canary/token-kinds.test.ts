import { describe, it } from 'node:test';
import { assertKeptSecret } from './canary-test.ts';
import { TOKEN_SCENES } from './token-scenes.ts';

describe('a peer that tells every token it is shown brings nothing to light of', () => {
  for (const scene of TOKEN_SCENES) it(scene.name, (t) => assertKeptSecret(t, scene));
});

import { describe, it } from 'node:test';
import { assertKeptSecret } from './canary-test.ts';
import { KEY_SCENES } from './plain-scenes.ts';

describe('a peer that tells all it knows brings nothing to light of', () => {
  for (const scene of KEY_SCENES) it(scene.name, (t) => assertKeptSecret(t, scene));
});

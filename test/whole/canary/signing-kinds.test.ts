import { describe, it } from 'node:test';
import { assertKeptSecret } from './canary-test.ts';
import { SIGNING_SCENES } from './plain-scenes.ts';

describe('a peer that tells all it was signed with brings nothing to light of', () => {
  for (const scene of SIGNING_SCENES) it(scene.name, (t) => assertKeptSecret(t, scene));
});

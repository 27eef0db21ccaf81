import { describe, it } from 'node:test';
import { assertKeptSecret } from './canary-test.ts';
import { MESSAGE_SCENES } from './plain-scenes.ts';

describe('a SOAP peer that tells all it knows brings nothing to light of', () => {
  for (const scene of MESSAGE_SCENES) it(scene.name, (t) => assertKeptSecret(t, scene));
});

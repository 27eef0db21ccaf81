import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModuleDefinition } from '../../src/core/module.ts';
import type { RecordImage } from '../../src/core/record.ts';
import { RecordImages } from '../../src/store/sqlite/record-images.ts';
import { products } from '../contract/sample-records.ts';

const image = (number: number, description: string): RecordImage => ({
  id: `14x${number}`,
  module: 'Products',
  version: 1,
  values: { productname: 'Bolt', description },
  createdAt: 1,
  modifiedAt: 1,
  createdBy: '19x1',
  modifiedBy: '19x1',
});

describe('record images', () => {
  it('are kept for the definition that they were read with, until the record changes', () => {
    const images = new RecordImages();
    const bolt = image(1, 'M8');
    images.keep(products, bolt);
    assert.equal(images.get(products, '14x1'), bolt);
    const later: ModuleDefinition = { ...products };
    assert.equal(images.get(later, '14x1'), undefined);
    images.forget('14x1');
    assert.equal(images.get(products, '14x1'), undefined);
  });

  it('are bounded in number, and large ones are not kept', () => {
    const images = new RecordImages();
    images.keep(products, image(1, 'x'.repeat(20_000)));
    assert.equal(images.get(products, '14x1'), undefined);
    for (let number = 2; number <= 2_002; number++) images.keep(products, image(number, ''));
    assert.deepEqual([images.get(products, '14x2'), images.get(products, '14x2002')?.id], [undefined, '14x2002']);
  });
});

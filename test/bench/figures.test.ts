import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedLoop } from '../../bench/chains/closed-loop.ts';
import { median, percentile } from '../../bench/measure/percentile.ts';
import { textTable } from '../../bench/measure/text-table.ts';

test('percentiles are values of the series, and the median lies in its middle', () => {
  const series = [5, 1, 4, 2, 3, 10, 7, 9, 8, 6];
  assert.equal(percentile(series, 0.5), 5);
  assert.equal(percentile(series, 0.99), 10);
  assert.equal(percentile([3], 0.01), 3);
  assert.equal(median(series), 5.5);
  assert.equal(median([9, 1, 2]), 2);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});

test('a closed loop does every item once, never more at once than asked', async () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const done: number[] = [];
  let underWay = 0;
  let most = 0;
  const { latenciesMs } = await closedLoop({
    items,
    atOnce: 4,
    async work(item) {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      done.push(item);
      underWay--;
    },
  });
  assert.deepEqual(
    done.toSorted((a, b) => a - b),
    items,
  );
  assert.equal(most, 4);
  assert.equal(latenciesMs.length, items.length);
});

test('a table is set in its columns', () => {
  const columns = [
    ['name', 8, 'left'],
    ['n', 4],
  ] as const;
  assert.equal(
    textTable(columns, [
      ['one', '1'],
      ['two', '22'],
    ]),
    'name       n\none        1\ntwo       22',
  );
});

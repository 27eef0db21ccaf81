import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type PiecewiseWork, atOnce, inSlices } from '../../src/core/in-slices.ts';

/** Work of so many pieces, each of which takes about a slice. */
function* pieces(count: number, onPiece: () => void = () => undefined): PiecewiseWork<number> {
  for (let piece = 0; piece < count; piece++) {
    const until = performance.now() + 1;
    while (performance.now() < until);
    onPiece();
    yield;
  }
  return count;
}

/** A turn of the event loop. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

it('work gives what it comes to, in slices and at once', async () => {
  assert.equal(await inSlices(pieces(5), 5), 5);
  assert.equal(atOnce(pieces(2)), 2);
});

it('others have turns while it is done, however many do such work', async () => {
  let done = 0;
  const count = 10;
  const all = Promise.all(
    Array.from({ length: count }, () =>
      inSlices(
        pieces(count, () => done++),
        1,
      ),
    ),
  );
  let most = 0;
  for (let before = done; done < count * count; before = done) {
    await turn();
    most = Math.max(most, done - before);
  }
  await all;
  // The slice of the line, and never one of each.
  assert.ok(most <= 2, `${most} slices between two turns`);
});

it('small work is done before large work, and of equal work one after the other', async () => {
  const ended: string[] = [];
  const start = (name: string, count: number, size: number): Promise<void> =>
    inSlices(pieces(count), size).then(() => void ended.push(name));
  await Promise.all([start('large', 12, 900), start('large too', 12, 900), start('small', 6, 10)]);
  assert.deepEqual(ended, ['small', 'large', 'large too']);
});

it('work that fails keeps nobody from going on', async () => {
  function* failing(): PiecewiseWork<never> {
    yield* pieces(2);
    throw new Error('broken');
  }
  const results = await Promise.allSettled([inSlices(failing(), 1), inSlices(pieces(4), 2), inSlices(failing(), 3)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled', 'rejected'],
  );
});

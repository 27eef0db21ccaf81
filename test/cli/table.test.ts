import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderAge, renderDuration, renderMoment } from '../../src/cli/duration.ts';
import { renderTable } from '../../src/cli/table.ts';
import { displayWidth } from '../../src/cli/text-layout.ts';

describe('renderTable', () => {
  const columns = [{ title: 'id', align: 'right' }, { title: 'name', gives: true }, { title: 'state' }] as const;

  it('lines up columns with wide characters', () => {
    const rows = [
      ['7', '螺栓', 'new'],
      ['12', 'bolt', 'old'],
    ];
    assert.deepEqual(renderTable(columns, rows), ['id  name  state', ' 7  螺栓  new', '12  bolt  old']);
  });

  it('cuts the column that gives way, and no line is too wide', () => {
    const lines = renderTable(columns, [['1', 'x'.repeat(200), 'done']], 40);
    assert.deepEqual(lines.map(displayWidth), [40, 39]);
    assert.match(lines[1] ?? '', /x…  done$/u);
  });

  it('leaves out a line of empty titles', () => {
    assert.deepEqual(renderTable([{ title: '' }, { title: '' }], [['a', 'b']]), ['a  b']);
  });

  it('keeps a cell on its line', () => assert.deepEqual(renderTable([{ title: '' }], [['a\nb']]), ['a\\nb']));
});

describe('renderDuration', () => {
  const durations: readonly (readonly [ms: number, text: string])[] = [
    [0, '0 ms'],
    [37.6, '38 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [2449, '2.4 s'],
    [59_999, '59.9 s'],
    [60_000, '1m'],
    [312_000, '5m 12s'],
    [3_600_000, '1h'],
    [11_040_000, '3h 4m'],
    [190_800_000, '2d 5h'],
    [-5, '0 ms'],
  ];
  for (const [ms, text] of durations) it(`${ms} is ${text}`, () => assert.equal(renderDuration(ms), text));
});

describe('renderAge', () => {
  const ages: readonly (readonly [ms: number, text: string])[] = [
    [-1, '0s'],
    [4999, '4s'],
    [60_000, '1m'],
    [7_200_000, '2h'],
    [777_600_000, '9d'],
  ];
  for (const [ms, text] of ages) it(`${ms} is ${text}`, () => assert.equal(renderAge(ms), text));
});

it('renderMoment is UTC to the second', () => {
  assert.equal(renderMoment(Date.UTC(2026, 0, 31, 9, 5, 0, 900)), '2026-01-31 09:05:00Z');
});

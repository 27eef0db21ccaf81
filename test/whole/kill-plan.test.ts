import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCommandLine, replayCommand, replayNodesCommand } from '../../tools/chaos/command-line.ts';
import { FAULT_NAMES } from '../../tools/chaos/faults.ts';
import { type ChaosPlan, planChaos } from '../../tools/chaos/plan.ts';

const isKill = ({ kind }: ChaosPlan['a'][number]): boolean => kind === 'kill' || kind === 'kill-early';

function planned(overrides: Partial<Parameters<typeof planChaos>[0]> = {}): ChaosPlan {
  return planChaos({ kills: 200, minutes: 10, faults: FAULT_NAMES, seed: 7, ...overrides });
}

function optionsOf(...args: string[]) {
  const read = readCommandLine(args);
  return read.kind === 'run' ? read.options : assert.fail(JSON.stringify(read));
}

describe('the plan of an experiment', () => {
  it('takes place on several nodes when PostgreSQL is asked for', () => {
    const words = ['--database', 'postgres', '--nodes', '4', '--runs', '50', '--dispatch', 'bullmq', '--seed', '3'];
    const read = readCommandLine(words);
    assert.ok(read.kind === 'nodes');
    const again = replayNodesCommand(read.options, 3).replace('npm run chaos -- ', '').split(' ');
    assert.deepEqual(readCommandLine(again), read);
    assert.equal(readCommandLine(['--database', 'oracle']).kind, 'wrong');
    assert.equal(readCommandLine(['--database', 'postgres', '--dispatch', 'pigeon']).kind, 'wrong');
  });

  it('is told from the seed alone', () => {
    assert.deepEqual(planned(), planned());
    assert.notDeepEqual(planned(), planned({ seed: 8 }));
  });

  for (const kills of [1, 3, 200, 1_000]) {
    it(`spreads ${kills} kills over both installs and the whole time`, () => {
      const { a, b, lengthMs } = planned({ kills });
      const all = [...a, ...b].filter(isKill);
      assert.equal(all.length, kills);
      assert.ok(all.every(({ atMs }) => atMs >= 0 && atMs <= lengthMs));
      for (const actions of [a, b]) {
        const times = actions.map(({ atMs }) => atMs);
        assert.deepEqual(
          times,
          times.toSorted((one, other) => one - other),
        );
      }
    });
  }

  it('kills some while they start, right after what started them', () => {
    const { a } = planned();
    const early = a.flatMap((action, index) => (action.kind === 'kill-early' ? [index] : []));
    assert.ok(early.length > 5);
    for (const index of early) assert.ok(['kill', 'kill-early', 'restart'].includes(a[index - 1]?.kind ?? ''));
  });

  it('gives every fault its turn, however short the time is', () => {
    for (const minutes of [0.01, 0.25, 10]) {
      const { faults } = planned({ minutes });
      assert.deepEqual(new Set(faults.map(({ fault }) => fault)), new Set(FAULT_NAMES));
    }
  });

  it('does nothing to processes when there are no kills, and nothing to calls when there are no faults', () => {
    assert.deepEqual(planned({ kills: 0, faults: [] }), { lengthMs: 600_000, a: [], b: [], faults: [] });
  });
});

describe('the command line of an experiment', () => {
  it('takes kills and minutes as they are given, and the one from the other', () => {
    const taken = (...args: string[]): unknown => {
      const { kills, minutes } = optionsOf(...args);
      return { kills, minutes };
    };
    assert.deepEqual(taken('--kills', '200', '--minutes', '10'), { kills: 200, minutes: 10 });
    assert.deepEqual(taken('--kills', '200'), { kills: 200, minutes: 10 });
    assert.deepEqual(taken('--minutes', '0.5'), { kills: 10, minutes: 0.5 });
    assert.deepEqual(taken('--kills', '0', '--minutes', '3'), { kills: 0, minutes: 3 });
  });

  it('takes all faults, none, or some', () => {
    assert.deepEqual(optionsOf().faults, FAULT_NAMES);
    assert.deepEqual(optionsOf('--faults', 'none').faults, []);
    assert.deepEqual(optionsOf('--faults', 'slow, reset,slow').faults, ['slow', 'reset']);
  });

  it('tells the command that does the same again', () => {
    for (const args of [['--kills', '4', '--faults', 'slow,reset'], ['--minutes', '0.3', '--faults', 'none'], []]) {
      const options = optionsOf(...args);
      const [, ...replayed] = replayCommand(options, 5).split(' -- ');
      assert.deepEqual(optionsOf(...replayed.join(' ').split(' ')), { ...options, seed: 5 });
    }
  });

  for (const args of [
    ['--kills', '-1'],
    ['--kills', '1.5'],
    ['--kills', ''],
    ['--minutes', '0'],
    ['--minutes', 'ten'],
    ['--minutes', '100000'],
    ['--faults', 'earthquake'],
    ['--faults', ''],
    ['--seed', 'x'],
    ['--speed', '9'],
    ['now'],
  ]) {
    it(`refuses ${args.join(' ') || 'nothing'}`, () => assert.equal(readCommandLine(args).kind, 'wrong'));
  }
});

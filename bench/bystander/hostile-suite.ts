import { type Suite, countOption } from '../suite.ts';
import { raceBystanders } from './bystander-race.ts';
import { databasesOption } from './databases-option.ts';
import { HOSTILE_DOCUMENTS } from './documents.ts';

/** Whether destinations that behave badly cost the runs to others. */
export const hostileSuite: Suite = {
  name: 'hostile',
  about: 'runs beside others whose destinations hang, flood, lie or break off, against runs alone',
  options: [
    { name: 'orders', value: 'N', about: 'in a slice; every hostility gets each', default: '3', quick: '1' },
    { name: 'hostile-rounds', value: 'N', about: 'slices of each install', default: '20', quick: '2' },
    { name: 'hostile-ms', value: 'N', about: 'milliseconds of a slice', default: '1500', quick: '200' },
    { name: 'hostile-databases', value: 'LIST', about: 'of sqlite,postgres', default: 'sqlite', quick: 'sqlite' },
  ],
  run(params) {
    const ordersPerSlice = countOption(params, 'orders');
    const crowd = { ordersPerSlice, prepare: async (): Promise<void> => undefined };
    return raceBystanders({
      title: 'hostile destinations',
      folder: params.folder,
      databases: databasesOption(params, 'hostile-databases'),
      documents: HOSTILE_DOCUMENTS,
      crowds: [
        { ...crowd, title: 'beside as many that behave', isFriendly: true },
        { ...crowd, title: 'beside hostile destinations', isFriendly: false },
      ],
      sliceMs: countOption(params, 'hostile-ms'),
      rounds: countOption(params, 'hostile-rounds'),
      isWatched: false,
      progress: params.progress,
    });
  },
};

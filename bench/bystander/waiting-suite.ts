import { type Suite, countOption } from '../suite.ts';
import { raceBystanders } from './bystander-race.ts';
import { databasesOption } from './databases-option.ts';
import { WAITING_DOCUMENTS } from './documents.ts';

/** Whether runs that wait cost those that do not. */
export const waitingSuite: Suite = {
  name: 'waiting',
  about: 'runs beside thousands that were asked to wait for an hour, against runs alone',
  options: [
    { name: 'parked', value: 'N', about: 'runs that wait', default: '5000', quick: '50' },
    { name: 'waiting-rounds', value: 'N', about: 'slices of each install', default: '20', quick: '2' },
    { name: 'waiting-ms', value: 'N', about: 'milliseconds of a slice', default: '1500', quick: '200' },
    {
      name: 'waiting-databases',
      value: 'LIST',
      about: 'of sqlite,postgres',
      default: 'sqlite,postgres',
      quick: 'sqlite',
    },
  ],
  run(params) {
    const parked = countOption(params, 'parked');
    return raceBystanders({
      title: 'runs that wait for an hour',
      folder: params.folder,
      databases: databasesOption(params, 'waiting-databases'),
      documents: WAITING_DOCUMENTS,
      crowds: [
        {
          title: `beside ${parked} that wait`,
          isFriendly: false,
          ordersPerSlice: 0,
          async prepare(subject) {
            await subject.ask('orders', { orders: parked });
            await subject.ask('parked', { runs: parked });
          },
        },
      ],
      sliceMs: countOption(params, 'waiting-ms'),
      rounds: countOption(params, 'waiting-rounds'),
      isWatched: true,
      progress: params.progress,
    });
  },
};

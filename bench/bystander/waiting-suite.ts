import { type Suite, countOption } from '../suite.ts';
import { raceBystanders } from './bystander-race.ts';
import { WAITING_DOCUMENTS } from './documents.ts';

/** Whether runs that wait cost those that do not. */
export const waitingSuite: Suite = {
  name: 'waiting',
  about: 'runs beside thousands that were asked to wait for an hour, against runs alone',
  options: [
    { name: 'parked', value: 'N', about: 'runs that wait', default: '5000', quick: '50' },
    { name: 'waiting-rounds', value: 'N', about: 'rounds of each install', default: '10', quick: '2' },
    { name: 'waiting-saves', value: 'N', about: 'saves in a round', default: '300', quick: '20' },
  ],
  run(params) {
    const parked = countOption(params, 'parked');
    return raceBystanders(
      {
        title: `beside ${parked} that wait`,
        documents: WAITING_DOCUMENTS,
        async prepare(subject) {
          await subject.ask('trouble', { orders: parked });
          await subject.ask('parked', { runs: parked });
        },
        ordersPerRound: 0,
      },
      {
        ...params,
        saves: countOption(params, 'waiting-saves'),
        rounds: countOption(params, 'waiting-rounds'),
      },
    );
  },
};

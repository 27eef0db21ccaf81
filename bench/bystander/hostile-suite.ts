import { type Suite, countOption } from '../suite.ts';
import { raceBystanders } from './bystander-race.ts';
import { HOSTILE_DOCUMENTS } from './documents.ts';

/** Whether destinations that behave badly cost the runs to others. */
export const hostileSuite: Suite = {
  name: 'hostile',
  about: 'runs beside others whose destinations hang, flood, lie or break off, against runs alone',
  options: [
    { name: 'orders', value: 'N', about: 'as each round begins; every hostility gets each', default: '5', quick: '1' },
    { name: 'hostile-rounds', value: 'N', about: 'rounds of each install', default: '10', quick: '2' },
    { name: 'hostile-saves', value: 'N', about: 'saves in a round', default: '300', quick: '20' },
  ],
  run(params) {
    const orders = countOption(params, 'orders');
    return raceBystanders(
      {
        title: 'beside hostile destinations',
        documents: HOSTILE_DOCUMENTS,
        async prepare(subject) {
          await subject.ask('trouble', { orders });
        },
        ordersPerRound: orders,
      },
      {
        ...params,
        saves: countOption(params, 'hostile-saves'),
        rounds: countOption(params, 'hostile-rounds'),
      },
    );
  },
};

import { placeText } from './page-walk.ts';

/** The id from which on no run was accepted before the `?`, found by halving; as exact as `placeText` says. */
export const RUN_PLACE = placeText({ table: 'runs', key: 'id', time: 'accepted_at' });

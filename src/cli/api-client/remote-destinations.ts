import type { DestinationAdministration } from '../../runtime/destination-administration.ts';
import { type Send, path } from './api-exchange.ts';
import { readList } from './pages.ts';

/** Destinations of an install on another machine. */
export function remoteDestinations(send: Send): DestinationAdministration {
  return {
    destinations: () => readList(send, '/destinations'),
    holdDestination: ({ name, reason }) =>
      send({ method: 'POST', path: path`/destinations/${name}/hold`, body: { reason } }),
    releaseDestination: ({ name }) => send({ method: 'POST', path: path`/destinations/${name}/release` }),
  };
}

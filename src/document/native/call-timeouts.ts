import { DURATION } from '../attribute-kind.ts';
import { shape, type Place } from '../place.ts';
import type { CallTimeouts } from '../service.ts';

const TIMEOUT = shape({ attributes: { connect: DURATION, read: DURATION, total: DURATION } });

/** The time limits of a `<timeout>` element; all inherited when there is none. */
export function readTimeouts(place: Place | undefined): CallTimeouts {
  const values = place?.open(TIMEOUT).attributes;
  const limits = { connectMs: values?.connect, totalMs: values?.total };
  return values?.read === undefined ? limits : { ...limits, readMs: values.read };
}

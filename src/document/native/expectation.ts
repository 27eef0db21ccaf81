import { FILLED, listOf } from '../attribute-kind.ts';
import type { Expectation } from '../map.ts';
import { shape, type Place } from '../place.ts';

const EXPECT = shape({
  attributes: {
    status: listOf(/^[1-5](?:[0-9]{2}|xx)$/u, 'a list of statuses such as 200 or 2xx'),
    when: FILLED,
    code: FILLED,
    message: FILLED,
  },
});

/** One `<expect>` element. Tells EXPECT_EMPTY. */
export function readExpectation(place: Place): Expectation {
  const { status, when, code, message } = place.open(EXPECT).attributes;
  if (place.element.attributes.size === 0) {
    place.error('EXPECT_EMPTY', '<expect> expects nothing', 'add status="2xx" or when="..."');
  }
  return {
    statuses: status?.map((word) => word.value),
    when,
    code,
    message,
    range: place.element.range,
  };
}

/**
 * JSONata that holds inside of a workflow's time, both ends included; undefined when it has none. Moments are those of the
 * install's time zone, as they were those of the server's.
 */
export function activeWindow(startsOn: string, endsOn: string): string | undefined {
  const parts = [
    ...(startsOn === '' ? [] : [`$at >= '${startsOn}'`]),
    ...(endsOn === '' ? [] : [`$at <= '${wholeDay(endsOn)}'`]),
  ];
  if (parts.length === 0) return undefined;
  return `($at := $DateTime('yyyy-MM-dd HH:mm:ss'); ${parts.join(' and ')})`;
}

/** An end without a time is the end of that day. */
function wholeDay(moment: string): string {
  return moment.length === 10 ? `${moment} 23:59:59` : moment;
}

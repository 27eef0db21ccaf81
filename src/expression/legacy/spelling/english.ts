import { listed, type SpellingLanguage } from './language.ts';

const BELOW_TWENTY = listed(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
);
const TENS = listed('- - twenty thirty forty fifty sixty seventy eighty ninety');
const SCALES = listed('- thousand million billion trillion quadrillion quintillion');

function belowHundred(number: number): string {
  if (number < 20) return BELOW_TWENTY[number] ?? '';
  const tens = TENS[Math.floor(number / 10)] ?? '';
  return number % 10 === 0 ? tens : `${tens} ${BELOW_TWENTY[number % 10] ?? ''}`;
}

function belowThousand(number: number): string {
  if (number < 100) return belowHundred(number);
  const hundreds = `${BELOW_TWENTY[Math.floor(number / 100)] ?? ''} hundred`;
  return number % 100 === 0 ? hundreds : `${hundreds} ${belowHundred(number % 100)}`;
}

export const ENGLISH: SpellingLanguage = {
  minus: 'minus',
  point: 'point',
  scales: SCALES.length - 1,
  belowThousand,
  scaled: (number, scale) => `${belowThousand(number)} ${SCALES[scale] ?? ''}`,
  join: (parts) => parts.join(' '),
};

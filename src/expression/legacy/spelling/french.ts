import { listed, type SpellingLanguage } from './language.ts';

const BELOW_TWENTY = listed(
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf',
);
const TENS = listed('- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt');
const SCALES = ['', '', 'million', 'milliard'];

function belowHundred(number: number): string {
  if (number < 20) return BELOW_TWENTY[number] ?? '';
  const tens = TENS[Math.floor(number / 10)] ?? '';
  // Seventy and ninety count on from sixty and eighty.
  const rest = number >= 60 ? number % 20 : number % 10;
  if (rest === 0) return number === 80 ? 'quatre-vingts' : tens;
  const joint = (rest === 1 || rest === 11) && number < 80 ? ' et ' : '-';
  return tens + joint + (BELOW_TWENTY[rest] ?? '');
}

function belowThousand(number: number): string {
  if (number < 100) return belowHundred(number);
  const count = Math.floor(number / 100);
  const rest = number % 100;
  const hundreds = count === 1 ? 'cent' : `${BELOW_TWENTY[count] ?? ''} cent`;
  return rest === 0 ? hundreds + (count > 1 ? 's' : '') : `${hundreds} ${belowHundred(rest)}`;
}

export const FRENCH: SpellingLanguage = {
  minus: 'moins',
  point: 'virgule',
  scales: SCALES.length - 1,
  belowThousand,
  scaled(number, scale) {
    if (scale === 1) return number === 1 ? 'mille' : `${belowThousand(number).replace(/(cent|vingt)s$/u, '$1')} mille`;
    return `${belowThousand(number)} ${SCALES[scale] ?? ''}${number === 1 ? '' : 's'}`;
  },
  join: (parts) => parts.join(' '),
};

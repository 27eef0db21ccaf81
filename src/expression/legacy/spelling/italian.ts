import { listed, type SpellingLanguage } from './language.ts';

const BELOW_TWENTY = listed(
  'zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove',
);
const TENS = listed('- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta');
const SCALES = [
  ['', ''],
  ['', ''],
  ['un milione', 'milioni'],
  ['un miliardo', 'miliardi'],
];

function belowHundred(number: number): string {
  if (number < 20) return BELOW_TWENTY[number] ?? '';
  const tens = TENS[Math.floor(number / 10)] ?? '';
  const rest = number % 10;
  if (rest === 0) return tens;
  // Two vowels do not meet.
  const stem = rest === 1 || rest === 8 ? tens.slice(0, -1) : tens;
  return stem + (rest === 3 ? 'tré' : (BELOW_TWENTY[rest] ?? ''));
}

function belowThousand(number: number): string {
  if (number < 100) return belowHundred(number);
  const count = Math.floor(number / 100);
  const hundreds = `${count === 1 ? '' : (BELOW_TWENTY[count] ?? '')}cento`;
  return number % 100 === 0 ? hundreds : hundreds + belowHundred(number % 100).replace(/^tre$/u, 'tré');
}

export const ITALIAN: SpellingLanguage = {
  minus: 'meno',
  point: 'virgola',
  scales: SCALES.length - 1,
  belowThousand,
  scaled(number, scale) {
    if (scale === 1) return number === 1 ? 'mille' : `${belowThousand(number).replace(/tré$/u, 'tre')}mila`;
    const [one = '', many = ''] = SCALES[scale] ?? [];
    return number === 1 ? one : `${belowThousand(number)} ${many}`;
  },
  // Thousands and what follows are one word.
  join: (parts) => parts.join(' ').replace(/(mille|mila) /u, '$1'),
};

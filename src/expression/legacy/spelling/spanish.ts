import { listed, type SpellingLanguage } from './language.ts';

const BELOW_THIRTY = listed(
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho ' +
    'diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve',
);
const TENS = listed('- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa');
const HUNDREDS = listed(
  '- ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos',
);

function belowThousand(number: number): string {
  if (number < 30) return BELOW_THIRTY[number] ?? '';
  if (number === 100) return 'cien';
  if (number > 100) {
    const hundreds = HUNDREDS[Math.floor(number / 100)] ?? '';
    return number % 100 === 0 ? hundreds : `${hundreds} ${belowThousand(number % 100)}`;
  }
  const tens = TENS[Math.floor(number / 10)] ?? '';
  return number % 10 === 0 ? tens : `${tens} y ${BELOW_THIRTY[number % 10] ?? ''}`;
}

/** Before a noun `uno` loses its last letter. */
function beforeNoun(number: number): string {
  return belowThousand(number)
    .replace(/veintiuno$/u, 'veintiún')
    .replace(/uno$/u, 'un');
}

export const SPANISH: SpellingLanguage = {
  minus: 'menos',
  point: 'punto',
  scales: 3,
  belowThousand,
  scaled(number, scale) {
    if (scale === 1) return number === 1 ? 'mil' : `${beforeNoun(number)} mil`;
    if (scale === 2) return number === 1 ? 'un millón' : `${beforeNoun(number)} millones`;
    return number === 1 ? 'mil millones' : `${beforeNoun(number)} mil millones`;
  },
  // `mil millones` is said once, after the millions that belong to it.
  join: (parts) => parts.join(' ').replace(/ millones (.+?) mill(?:ón|ones)/u, ' $1 millones'),
};

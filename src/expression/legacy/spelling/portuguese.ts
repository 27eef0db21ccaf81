import { listed, type SpellingLanguage } from './language.ts';

const BELOW_TWENTY = listed(
  'zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove',
);
const TENS = listed('- - vinte trinta quarenta cinquenta sessenta setenta oitenta noventa');
const HUNDREDS = listed(
  '- cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos',
);
const SCALES = [
  ['', ''],
  ['', ''],
  ['milhão', 'milhões'],
  ['bilhão', 'bilhões'],
];

function belowThousand(number: number): string {
  if (number < 20) return BELOW_TWENTY[number] ?? '';
  if (number === 100) return 'cem';
  const [words, size] = number > 100 ? [HUNDREDS, 100] : [TENS, 10];
  const word = words[Math.floor(number / size)] ?? '';
  return number % size === 0 ? word : `${word} e ${belowThousand(number % size)}`;
}

export const PORTUGUESE: SpellingLanguage = {
  minus: 'menos',
  point: 'vírgula',
  scales: SCALES.length - 1,
  belowThousand,
  scaled(number, scale) {
    if (scale === 1) return number === 1 ? 'mil' : `${belowThousand(number)} mil`;
    const [one = '', many = ''] = SCALES[scale] ?? [];
    return `${belowThousand(number)} ${number === 1 ? one : many}`;
  },
  // The last part is joined by a word when it is short or round.
  join(parts, last) {
    const joint = last > 0 && (last < 100 || last % 100 === 0) ? ' e ' : ' ';
    return parts.length < 2 ? parts.join('') : parts.slice(0, -1).join(' ') + joint + (parts.at(-1) ?? '');
  },
};

import { listed, type SpellingLanguage } from './language.ts';

const BELOW_TWENTY = listed(
  'null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn',
);
const TENS = listed('- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig');
const SCALES = [
  ['', ''],
  ['', ''],
  ['Million', 'Millionen'],
  ['Milliarde', 'Milliarden'],
];

/** As part of a longer word: without the ending of `eins`. */
function stem(number: number): string {
  if (number >= 100) {
    const hundreds = `${BELOW_TWENTY[Math.floor(number / 100)] ?? ''}hundert`;
    return number % 100 === 0 ? hundreds : hundreds + stem(number % 100);
  }
  if (number < 20) return BELOW_TWENTY[number] ?? '';
  const tens = TENS[Math.floor(number / 10)] ?? '';
  return number % 10 === 0 ? tens : `${BELOW_TWENTY[number % 10] ?? ''}und${tens}`;
}

export const GERMAN: SpellingLanguage = {
  minus: 'minus',
  point: 'Komma',
  scales: SCALES.length - 1,
  belowThousand: (number) => (number % 100 === 1 ? `${stem(number)}s` : stem(number)),
  scaled(number, scale) {
    if (scale === 1) return `${stem(number)}tausend`;
    const [one = '', many = ''] = SCALES[scale] ?? [];
    return number === 1 ? `eine ${one}` : `${stem(number)} ${many}`;
  },
  // Thousands and what follows are one word.
  join: (parts) => parts.join(' ').replace(/tausend /u, 'tausend'),
};

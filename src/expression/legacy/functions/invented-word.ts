/** What invented people, places and texts are made of. The domains and numbers belong to nobody (RFC 2606; 555-01). */
type Choices = readonly [string, ...string[]];

export const FIRST_NAMES: Choices = [
  'Ana',
  'Bruno',
  'Clara',
  'Dario',
  'Elena',
  'Felix',
  'Greta',
  'Hugo',
  'Irene',
  'Jonas',
];
export const LAST_NAMES: Choices = [
  'Alder',
  'Berg',
  'Costa',
  'Duran',
  'Ekman',
  'Ferrer',
  'Garcia',
  'Hoffmann',
  'Ivanov',
];
export const TITLES: Choices = ['Dr.', 'Mr.', 'Mrs.', 'Ms.', 'Prof.'];
export const JOB_TITLES: Choices = ['Accountant', 'Architect', 'Buyer', 'Electrician', 'Engineer', 'Nurse', 'Teacher'];
export const CITIES: Choices = ['Aldenport', 'Brookfield', 'Castleton', 'Dunmore', 'Eastvale', 'Fairhaven', 'Glenwood'];
export const COUNTRIES: Choices = ['Austria', 'Brazil', 'Canada', 'Denmark', 'France', 'Germany', 'Italy', 'Spain'];
export const COUNTRY_CODES: Choices = ['AT', 'BR', 'CA', 'DE', 'DK', 'ES', 'FR', 'IT'];
export const STREETS: Choices = [
  'Church Street',
  'Harbour Road',
  'Hill Lane',
  'Mill Street',
  'Park Avenue',
  'Station Road',
];
export const COMPANY_ENDINGS: Choices = ['and Sons', 'GmbH', 'Group', 'Inc', 'Ltd', 'SL'];
export const DOMAINS: Choices = ['example.com', 'example.net', 'example.org'];
export const COLORS: Choices = ['black', 'blue', 'green', 'red', 'white', 'yellow'];
export const CURRENCIES: Choices = ['CHF', 'EUR', 'GBP', 'SEK', 'USD'];
export const WORDS: Choices = [
  'autumn',
  'bridge',
  'candle',
  'distant',
  'early',
  'forest',
  'garden',
  'harbour',
  'island',
  'journey',
  'kitchen',
  'letter',
  'morning',
  'narrow',
  'open',
  'paper',
  'quiet',
  'river',
  'silver',
  'table',
  'under',
  'valley',
  'window',
];

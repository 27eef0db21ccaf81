import { MapwrightError } from '../../core/error.ts';

const WEBSERVICE = '/webservice.php';

/**
 * The address of an install's web service, from what a person writes: `https://crm.example.com`, `.../webservice.php`,
 * with or without a slash at the end. Throws IMPORT_URL_INVALID.
 */
export function webserviceAddress(written: string): string {
  const url = URL.parse(written.trim());
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid(`"${written.slice(0, 200)}" is no web address`);
  }
  if (url.username !== '' || url.password !== '') throw invalid('the address holds a user name or a password');
  const path = url.pathname.replace(/\/+$/u, '');
  return `${url.origin}${path.endsWith('.php') ? path : `${path}${WEBSERVICE}`}`;
}

function invalid(message: string): MapwrightError {
  return new MapwrightError('IMPORT_URL_INVALID', message, {
    hint: 'give the address at which people log in: https://crm.example.com; the user goes into --user',
  });
}

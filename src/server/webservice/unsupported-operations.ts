import { MapwrightError } from '../../core/error.ts';
import type { Operation } from './operation.ts';

/** Of the original, about what this product has not: its user interface, its portal, its documents, its passwords. */
const WITHIN_SESSION = [
  'addproductimages',
  'addticketfaqcomment',
  'cbquestionanswer',
  'changeaccesskey',
  'changepassword',
  'convertlead',
  'deleteuser',
  'executebusinessaction',
  'gendoc_convert',
  'getbusinessactions',
  'getentitynum',
  'getfilterfields',
  'getfiltersbymodule',
  'getloginpage',
  'getmergedtemplate',
  'getmodulepermissionquery',
  'getpdfdata',
  'getportaluserdatetimeformat',
  'getportaluserinfo',
  'getproductimages',
  'getproductserviceautocomplete',
  'getrecordimages',
  'getrelatedmodules',
  'getrelatedmodulesinfo',
  'getrelatedmodulesmanytoone',
  'getrelatedmodulesonetomany',
  'getsearchresults',
  'getsearchresultswithtotals',
  'gettranslation',
  'getviewsbymodule',
  'jslog',
  'retrievedocattachment',
  'retrievedocattachment_returncontent',
  'showqueryfromwsdoquery',
  'sync',
] as const;

const BEFORE_LOGIN = ['getotpaccess', 'loginportal', 'loginsession'] as const;

/** Operations that clients may know and that are refused with OPERATION_NOT_SUPPORTED, instead of as unknown. */
export const UNSUPPORTED_OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ...WITHIN_SESSION.map((name) => [name, { session: true, run: () => refuse(name) } as const] as const),
  ...BEFORE_LOGIN.map((name) => [name, { session: false, run: () => refuse(name) } as const] as const),
]);

async function refuse(name: string): Promise<never> {
  throw new MapwrightError('OPERATION_NOT_SUPPORTED', `Operation ${name} is not supported here`);
}

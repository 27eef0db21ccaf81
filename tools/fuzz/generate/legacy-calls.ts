import { LEGACY_FUNCTION_NAMES } from '../../../src/expression/legacy/functions/registry.ts';

const words = (text: string): readonly string[] => text.split(' ');

/** Functions that take their arguments alike, and what they are given: `«rule»` stands for a text of that rule. */
const CALLS: readonly (readonly [names: readonly string[], given: readonly string[]])[] = [
  [
    words('concat coalesce min max AND OR average array flattenarray'),
    ['«list»', '«expression»', '', '«rows», «list»'],
  ],
  [words('uppercase lowercase uppercasefirst uppercasewords base64encode base64decode NOT'), ['«text»', '']],
  [words('isNumeric isString jsonEncode getCRMIDFromWSID getimageurl'), ['«any»', '«id»', '«rows»', '']],
  [['stringlength', 'translate'], ['«text»']],
  [['char'], ['«number»', '«digit»«digit»', '']],
  [['substring'], ['«text», «number»', '«text», «number», «number»', '«text», -«digit»', '«text»']],
  [['stringposition'], ['«text», «text»', '«text»']],
  [['stringreplace'], ['«text», «text», «text»', '«text», «text», «any»']],
  [['regexreplace'], ["'«regex»', «text», «text»", "'«regex»', '«replacement»', «text»"]],
  [['regex'], ["'«regex»', «text»", "'/«regex»/', «text»"]],
  [
    ['randomstring', 'uniqid'],
    ['', '«digit»', '«text»'],
  ],
  [['randomnumber'], ['', '«number», «number»']],
  [['faker'], ["'«invented»'", "'«invented»', «any», «any»"]],
  [['num2str'], ['«number»', "«number», '«language»'", '«any»']],
  [['hash'], ['«text»', "«text», '«digest»'", '']],
  [['jsonDecode'], ['\'{"a": [1, "2", {"b": null}]}\'', "'«json»'", '«text»', 'jsonEncode(«any»)']],
  [
    ['implode', 'explode'],
    ["',', «rows»", "',', «text»", '«text», «text»', '«text», array(«list»)'],
  ],
  [words('power log round modulo'), ['«number», «number»', '«number»', '«any», «number»', '']],
  [
    ['ceil', 'floor'],
    ['«number»', '«any»', ''],
  ],
  [['number_format'], ['«number», «digit»', "«number», «digit», ',', '.'", '«any», «number», «text», «text»', '']],
  [
    ['statistics'],
    ["'«statistic»', array(«numbers»)", "'«statistic»', array(«numbers»), array(«numbers»)", "'«statistic»', «any»"],
  ],
  [
    ['frequency'],
    ["'«frequency»', array(«numbers»)", "'«frequency»', array(«numbers»), «digit»", "'«frequency»', «any»"],
  ],
  [['AutoNumberDec'], ["'counter'", '«id»']],
  [['exists'], ["'«field»', «text»", "'«field»', «text», 0"]],
  [
    ['existsrelated', 'allrelatedare', 'allrelatedarethesame'],
    ["'«module»', '«field»', «text»", "'«module»', '«field»', «any», '«conditions»'"],
  ],
  [['get_date'], ["'today'", "'«moment»'", '«text»', '']],
  [words('add_days sub_days add_months sub_months'), ['«date», «number»', '«number»', '«any», «digit»', "'', «digit»"]],
  [
    ['add_time', 'sub_time'],
    ['«time», «number»', '«number»', '«date», «digit»'],
  ],
  [
    words('time_diff time_diffdays time_diffyears time_diffweekdays'),
    ['«date», «date»', '«date»', '«time», «time»', '«any», «date»'],
  ],
  [['networkdays'], ['«date», «date»', '«date»', "«date», «date», '«holidays»'", "'«holidays»', «date»"]],
  [['holidaydifference'], ["«date», «date», «digit», '«holidays»'", '«date», «date»']],
  [['isholidaydate'], ['«date»', '«date», «bit»', "«date», «bit», '«holidays»'"]],
  [
    ['add_workdays', 'sub_workdays'],
    ['«date», «number»', '«date», «number», «bit»', "«date», «number», «bit», '«holidays»'"],
  ],
  [['get_nextdate'], ["«date», '«days»'", "«date», '«days»', '«holidays»', «bit»"]],
  [['get_nextdatelaborable'], ["«date», '«days»'", "«date», '«days»', '«holidays»', «bit»"]],
  [['format_date'], ["«date», '«format»'", '«date»', "«time», '«format»'"]],
  [
    ['getISODate'],
    ['«digit»«digit»«digit»«digit», «digit», «digit»', '2024, «digit»«digit», «digit»', '«any», «number», «number»'],
  ],
  [['getFromContext'], ["'«key»'", "'«key»,«key»'", '«any»']],
  [
    ['getFromContextSearching'],
    ["'lines', '«member»', '«letters»', '«member»'", "'«key»', '«key»', «any», '«key»,«key»'"],
  ],
  [['setToContext'], ["'«letters»', «expression»", '«any», «any»', "'«key»', «rows»"]],
  [['cleanArrayElements'], ["«rows», '«member»'", "«rows», '«member»,«letters»', «bit»", '«any», «any»']],
  [['applyMaptoArrayElements'], ["«rows», '«map»'", "«any», '«map»'"]],
  [
    ['applyMaptoArrayElementsAndSubarray'],
    ["«rows», '«map»', 'tags', '«map»'", "«rows», '«map»', '«member»', '«map»', '«member»', «bit»"],
  ],
  [
    ['getSetting', 'globalvariable'],
    ["'«setting»'", "'«setting»', «any»", '«any»'],
  ],
  [
    ['setSetting', 'delSetting'],
    ["'«setting»', «any»", "'«setting»'", '«any», «any»'],
  ],
  [['sendMessage'], ['«text»', "«text», '«letters»', «digit»"]],
  [['readMessage'], ['', "'«letters»'"]],
  [
    ['getIDof'],
    [
      "'«module»', '«field»', «text»",
      "'«module»', 'name,account_no', 'A,L-0'",
      "'«module»', '«field»', '«field»', «text», «any»",
    ],
  ],
  [['getFieldsOF'], ["«id», '«module»'", "«id», '«module»', '«field»,«field»'", "«id», «id», '«module»', 'name'"]],
  [
    ['getRelatedIDs', 'getRelatedMassCreateArray'],
    ["'«module»'", "'«module»', «id»"],
  ],
  [
    ['getRelatedMassCreateArrayConverting'],
    ["'«module»', '«module»', '«module»'", "'«module»', '«module»', 'Nope', «id»"],
  ],
  [['getRelatedRecordCreateArrayConverting'], ["'«module»', '«module»'", "'«module»', '«module»', «id»"]],
  [['getEntityType'], ['«id»', '«any»']],
  [
    ['aggregation'],
    [
      "'«aggregate»', '«module»', '«field»'",
      "'«aggregate»', '«module»', '«field»', '«conditions»'",
      "'group_concat', 'Lines', 'id separator \"-\" name'",
    ],
  ],
  [
    ['aggregation_fields_operation'],
    ["'«aggregate»', '«module»', '«sql»'", "'«aggregate»', '«module»', '«sql»', '«conditions»'"],
  ],
  [['aggregate_time'], ["'Lines', 'worked'", "'«module»', '«field»', '«conditions»'"]],
  [['evaluateRule'], ["'«map»'", '«any»']],
  [['evaluateExpression'], ["'«letters»(«letters»)'", '«any»', "'if employees > 1 then name else 2 end'"]],
  [words('getCRUDMode Importing getCurrentUserID'), ['', '«any»']],
  [['getRequest'], ["'id'", '«any»']],
  [
    ['getCurrentConfiguredTaxValues', 'getCurrencyConversionValue'],
    ["'VAT'", "'EUR'", '«text»'],
  ],
  [['EUVATValidation'], ["'ES12345678'", "'EL 123.456'", '«text»']],
  [['getCurrentUserName'], ['', "'full'", '«any»']],
  [['getCurrentUserField'], ["'email1'", "'«letters»'", "'rolename'", '«any»']],
  [['getGroupID'], ["'Sales'", "'Nobody'", '«text»']],
  [
    words(
      'getLatitude getLongitude getLongitudeLatitude getGEODistanceFromCompanyAddress getGEODistanceFromUserAddress',
    ),
    ["'Calle 1, Ávila'", "'nowhere'", '«text»'],
  ],
  [['getGEODistance'], ["'Ávila', 'Madrid'", '«text», «text»']],
  [['getGEODistanceFromCoordinates'], ['«number», «number», «number», «number»', '«any», «any»']],
];

/** By the function's name its calls; `call-any` where nothing is known of what a function takes. */
export const CALL_RULES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  LEGACY_FUNCTION_NAMES.map((name) => [
    `call-${name}`,
    (givenTo(name) ?? ['«any»', '«any», «any»', '']).map((given) => `${name}(${given})`),
  ]),
);

/** What a function is given; undefined for one that nobody has said it of. */
export function givenTo(name: string): readonly string[] | undefined {
  if (name.startsWith('getGEODistanceFrom') && name.includes('User2')) return ['«id»', "«id», '19x5'", '«any», «any»'];
  return CALLS.find(([names]) => names.includes(name))?.[1];
}

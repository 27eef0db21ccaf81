/** A group of the original's functions: what they have in common and their names, in the spelling that counts. */
export interface NamedGroup {
  readonly about: string;
  readonly names: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ');

/** All 123 functions of the original, by what they work on. */
export const NAMED_GROUPS: readonly NamedGroup[] = [
  {
    about: 'text',
    names: words(
      'concat coalesce char substring stringposition stringlength stringreplace regexreplace randomstring faker uppercase ' +
        'lowercase uppercasefirst uppercasewords num2str translate base64encode base64decode hash hashFile ' +
        'getCRMIDFromWSID jsonEncode jsonDecode implode explode',
    ),
  },
  {
    about: 'numbers',
    names: words(
      'power log round ceil floor modulo number_format randomnumber average statistics frequency min max AutoNumberDec',
    ),
  },
  {
    about: 'truth',
    names: words('AND OR NOT isNumeric isString regex exists existsrelated allrelatedare allrelatedarethesame'),
  },
  {
    about: 'dates and times',
    names: words(
      'get_date add_days sub_days add_months sub_months add_time sub_time time_diff time_diffdays time_diffyears ' +
        'time_diffweekdays networkdays holidaydifference isholidaydate add_workdays sub_workdays get_nextdate ' +
        'get_nextdatelaborable format_date getISODate',
    ),
  },
  {
    about: 'context, lists and settings',
    names: words(
      'getFromContext getFromContextSearching setToContext array flattenarray cleanArrayElements applyMaptoArrayElements ' +
        'applyMaptoArrayElementsAndSubarray getSetting setSetting delSetting sendMessage readMessage uniqid',
    ),
  },
  {
    about: 'records and the install',
    names: words(
      'getIDof getFieldsOF getRelatedIDs getRelatedMassCreateArray getRelatedMassCreateArrayConverting ' +
        'getRelatedRecordCreateArrayConverting getEntityType getimageurl aggregation aggregation_fields_operation ' +
        'aggregate_time executeSQL evaluateRule evaluateExpression getCRUDMode getRequest Importing globalvariable ' +
        'getCurrentConfiguredTaxValues getCurrencyConversionValue EUVATValidation getCurrentUserID getCurrentUserName ' +
        'getCurrentUserField getGroupID',
    ),
  },
  {
    about: 'places on the map',
    names: words(
      'getLatitude getLongitude getLongitudeLatitude getGEODistance getGEODistanceFromCompanyAddress ' +
        'getGEODistanceFromUserAddress getGEODistanceFromUser2AccountBilling getGEODistanceFromUser2AccountShipping ' +
        'getGEODistanceFromUser2ContactBilling getGEODistanceFromUser2ContactShipping ' +
        'getGEODistanceFromAssignUser2AccountBilling getGEODistanceFromAssignUser2AccountShipping ' +
        'getGEODistanceFromAssignUser2ContactBilling getGEODistanceFromAssignUser2ContactShipping ' +
        'getGEODistanceFromCoordinates',
    ),
  },
];

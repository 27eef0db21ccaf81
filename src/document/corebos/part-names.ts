/** Where one Orgfield of a coreBOS map takes its value from; `name` when its OrgfieldID is empty. */
export const PART_SOURCE_NAMES = ['name', 'const', 'field', 'template', 'expression', 'rule'] as const;

/** What may be done with the value that the parts have come to so far; names of PHP functions. */
export const POST_PROCESSES = [
  'intval',
  'floatval',
  'boolval',
  'addslashes',
  'stripslashes',
  'quotemeta',
  'htmlentities',
  'html_entity_decode',
  'htmlspecialchars',
  'json_decode',
  'json_encode',
] as const;

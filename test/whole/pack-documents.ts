import { writeArchive } from '../../src/runtime/pack/pack-archive.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>';

/** The files of a small pack; what is given stands in the place of its own. */
export function packFiles(
  changed: Readonly<Record<string, string | undefined>> = {},
): Readonly<Record<string, string>> {
  const files: Readonly<Record<string, string | undefined>> = {
    'pack.xml': `<pack xmlns="urn:mapwright:1" name="parcel" label="Parcels" version="1.0.0" author="Anna" logo="parcel.svg">
  <document kind="service" name="parcel"/>
  <document kind="map" name="parcel-send"/>
  <setting name="parcel_url" value="https://parcel.example.com">Where the service is.</setting>
  <secret name="parcel-key">The key of the account.</secret>
  <tested>Against a local server.</tested>
</pack>`,
    'parcel.xml': `<service xmlns="urn:mapwright:1" name="parcel" url="{setting.parcel_url}" logo="parcel.svg">
  <header name="Key" secret="parcel-key"/>
</service>`,
    'maps/send.xml': `<map xmlns="urn:mapwright:1" name="parcel-send" service="parcel"><call method="POST" path="/parcels"/></map>`,
    'tests/send.test.xml': `<map-test xmlns="urn:mapwright:1" map="parcel-send"><case name="sent">
  <answer status="200" content-type="application/json">{}</answer></case></map-test>`,
    'README.md': '# Parcels',
    'parcel.svg': SVG,
    ...changed,
  };
  return Object.fromEntries(Object.entries(files).filter((file): file is [string, string] => file[1] !== undefined));
}

/** The pack as its zip, in base64. */
export function packArchive(changed: Readonly<Record<string, string | undefined>> = {}): string {
  const files = Object.entries(packFiles(changed)).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
  return Buffer.from(writeArchive(files)).toString('base64');
}

/** Another version of the pack document. */
export function packDocument(replace: (text: string) => string): Readonly<Record<string, string>> {
  return { 'pack.xml': replace(packFiles()['pack.xml'] ?? '') };
}

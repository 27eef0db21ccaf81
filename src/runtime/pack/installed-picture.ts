import type { PackDocument, PackPicture } from '../../document/pack.ts';

/** A picture that an installed pack has brought. */
export interface InstalledPicture {
  readonly pack: string;
  readonly picture: PackPicture;
}

/** The picture of this name: of the pack that is preferred, else of the first that has one. Packs often call theirs `logo.svg`. */
export function pictureNamed(
  packs: ReadonlyMap<string, PackDocument>,
  name: string,
  preferred?: string,
): InstalledPicture | undefined {
  const own = [...packs.values()].toSorted((a, b) => Number(b.name === preferred) - Number(a.name === preferred));
  for (const pack of own) {
    const picture = pack.pictures.find((one) => one.name === name);
    if (picture !== undefined) return { pack: pack.name, picture };
  }
  return undefined;
}

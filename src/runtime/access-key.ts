const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
const LENGTH = 20;

/** A new web service access key: 20 letters and digits that cannot be mistaken for each other, over 110 bits. */
export function createAccessKey(randomBytes: (size: number) => Uint8Array): string {
  let key = '';
  while (key.length < LENGTH) {
    for (const byte of randomBytes(LENGTH)) {
      // Bytes beyond the last whole alphabet would make its first letters likelier.
      if (byte < 256 - (256 % ALPHABET.length) && key.length < LENGTH) key += ALPHABET[byte % ALPHABET.length];
    }
  }
  return key;
}

/** A secret has at most so many bytes, in UTF-8. */
export const LARGEST_SECRET_BYTES = 1024 * 1024;

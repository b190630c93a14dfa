/** The public sizes of a picture, by the SHA-256 of its original: the worker writes them there, the edges serve them. */
export function publicUrls(sha256: string): { large: string; thumbnail: string } {
  return { large: `/media/${sha256}-large.webp`, thumbnail: `/media/${sha256}-thumbnail.webp` };
}

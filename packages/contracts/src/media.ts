/** Where the bytes of a picture are kept as they were sent: an object of the private bucket `uploads`. */
export const originalKey = (objectName: string): string => `originals/${objectName}`;

/** The public sizes of a picture: objects of the bucket `media`, which the edges serve. */
export function mediaKeys(objectName: string): { large: string; thumbnail: string } {
  return { large: `${objectName}-large.webp`, thumbnail: `${objectName}-thumbnail.webp` };
}

/** Their addresses, root-relative and valid on every edge. */
export function mediaUrls(objectName: string): { large: string; thumbnail: string } {
  const { large, thumbnail } = mediaKeys(objectName);
  return { large: `/media/${large}`, thumbnail: `/media/${thumbnail}` };
}

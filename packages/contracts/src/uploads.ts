import { type Static, Type } from 'typebox';
import { Id, List, Nullable, Strict, Timestamp } from './common.ts';
import { Text } from './text.ts';

export const maxUploadBytes = 5 * 1024 * 1024;
export const pictureTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type PictureType = (typeof pictureTypes)[number];

/** Another type is 415 and a larger size 413, not 422: so the schema lets them through. */
export const CreateUploadBody = Strict({
  filename: Text(1, 255, {
    // No path, no name of a folder, no control character.
    pattern: '^(?!\\.{1,2}$)[^/\\\\\\u0000-\\u001f\\u007f]+$',
    description: 'A name alone, without a path',
    examples: ['teapot.jpg'],
  }),
  contentType: Text(1, 127, { description: pictureTypes.join(', '), examples: ['image/jpeg'] }),
  sizeBytes: Type.Integer({ minimum: 1, description: `At most ${maxUploadBytes}` }),
  purpose: Type.Enum(['review', 'product'], { description: '`product` is for admins' }),
});
export type CreateUploadBody = Static<typeof CreateUploadBody>;

/** Where and how to send the bytes. */
export const UploadTarget = Type.Object(
  {
    uploadId: Id,
    url: Type.String({ description: 'Root-relative, good on every edge' }),
    method: Type.Literal('PUT'),
    headers: Type.Record(Type.String(), Type.String(), { description: 'To be sent exactly like this' }),
    expiresAt: Timestamp,
  },
  { title: 'UploadTarget' },
);
export type UploadTarget = Static<typeof UploadTarget>;

export const UploadStatus = Type.Enum(['pending', 'processing', 'ready', 'rejected']);

export const Upload = Type.Object(
  {
    id: Id,
    status: UploadStatus,
    purpose: Type.Enum(['review', 'product']),
    contentType: Type.String(),
    sizeBytes: Type.Integer(),
    sha256: Nullable(Type.String({ description: 'Of the bytes as sent, lower-case hexadecimal' })),
    urls: Nullable(
      Type.Object({
        original: Type.String({ description: 'The bytes as sent, for the owner only' }),
        large: Type.String(),
        thumbnail: Type.String(),
      }),
    ),
    reason: Nullable(Type.Enum(['not-an-image', 'type-mismatch', 'too-large', 'too-many-pixels'])),
    createdAt: Timestamp,
  },
  { title: 'Upload' },
);
export type Upload = Static<typeof Upload>;

export const UploadList = List(Upload);

import { type Static, Type } from 'typebox';
import { Id, List, Nullable, Strict, Timestamp } from './common.ts';
import { refusedWith } from './problems.ts';
import { Text } from './text.ts';
import { maxUploadBytes, pictureTypes, rejectionReasons, uploadPurposes, uploadStatuses } from './values.ts';

/** Another type is 415 and a larger size 413: these two errors have codes of their own. */
export const CreateUploadBody = Strict({
  filename: Text(1, 255, {
    // No path, no folder, no control character.
    pattern: '^(?!\\.{1,2}$)[^/\\\\\\u0000-\\u001f\\u007f]+$',
    description: 'A name alone, without a path',
    examples: ['teapot.jpg'],
  }),
  contentType: Type.Enum(pictureTypes, {
    ...refusedWith({ enum: 'unsupported-media-type' }),
    examples: ['image/jpeg'],
  }),
  sizeBytes: Type.Integer({
    minimum: 1,
    maximum: maxUploadBytes,
    ...refusedWith({ maximum: 'upload-too-large' }),
  }),
  purpose: Type.Enum(uploadPurposes, { description: '`product` is for admins' }),
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

export const UploadStatus = Type.Enum(uploadStatuses);

export const Upload = Type.Object(
  {
    id: Id,
    status: UploadStatus,
    purpose: Type.Enum(uploadPurposes),
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
    reason: Nullable(Type.Enum(rejectionReasons)),
    createdAt: Timestamp,
  },
  { title: 'Upload' },
);
export type Upload = Static<typeof Upload>;

export const UploadList = List(Upload);

import { type TSchemaOptions, Type } from 'typebox';

/**
 * Kinds of texts. Each kind has one normal form. The API makes it once, on arrival, before it compares, hashes or
 * stores the text:
 *
 * - `line`: NFC, trimmed, without control characters and line breaks.
 * - `lines`: the same, but LF and TAB stay; CR LF becomes LF.
 * - `email`: a line in lower case.
 * - `password`: RFC 8265 OpaqueString. NFC; every kind of space becomes U+0020 and stays; case and width are kept.
 * - `id`: a UUID in lower case, as Postgres writes it.
 */
export type TextKind = 'line' | 'lines' | 'email' | 'password' | 'id';

/** The keyword of a schema that names the kind of a text. A validator that does not know it ignores it. */
export const textKeyword = 'x-text';

/** The normal form of a text, or the reason why it has none, worded to follow the name of the field. */
export type NormalText = { text: string } | { refusal: string };

/** Characters that a kind refuses, as the inside of a regular expression's class. */
const refused = {
  line: '\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029',
  lines: '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f',
};

/** For readers of the schema: the keyword checks the text before this pattern does. */
const patternOf = (kind: 'line' | 'lines', minLength: number) => {
  const any = `[^${refused[kind]}]*`;
  return minLength === 0 ? `^${any}$` : `^${any}[^\\s${refused[kind]}]${any}$`;
};

/** One line of text. Lengths count code points of the normal form; 0 as `minLength` lets a blank text through as ''. */
export const Text = (minLength: number, maxLength: number, options: TSchemaOptions = {}) =>
  Type.String({
    minLength,
    maxLength,
    pattern: patternOf('line', minLength),
    [textKeyword]: 'line',
    ...options,
  });

/** Text of several lines; lengths as for `Text`. */
export const Lines = (minLength: number, maxLength: number, options: TSchemaOptions = {}) =>
  Type.String({
    minLength,
    maxLength,
    pattern: patternOf('lines', minLength),
    [textKeyword]: 'lines',
    ...options,
  });

/** An e-mail address; its normal form is in lower case. */
export const EmailAddress = (options: TSchemaOptions = {}) =>
  Type.String({ format: 'email', maxLength: 254, [textKeyword]: 'email', ...options });

/** A password. Spaces count, also at its ends. */
export const Password = (minLength: number, maxLength: number) =>
  Type.String({
    minLength,
    maxLength,
    pattern: patternOf('line', 0),
    [textKeyword]: 'password',
  });

/**
 * The normal form of `raw` as a text of this kind. A blank text becomes '', which `minLength` then refuses or accepts.
 */
export function normalText(kind: TextKind, raw: string): NormalText {
  if (!raw.isWellFormed()) return { refusal: 'must be valid Unicode' };
  if (kind === 'id') return { text: raw.toLowerCase() };
  return kind === 'password' ? opaqueString(raw) : trimmed(kind, raw);
}

const controls = /\p{Cc}/u;
const controlsBesideLayout = /(?![\n\t])\p{Cc}/u;
const lineBreaks = /[\n\r\u0085\u2028\u2029]/u;
/** A text that consists only of these shows nothing: white space, characters of no width, the blank of Braille. */
const onlyBlank = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u;

function trimmed(kind: 'line' | 'lines' | 'email', raw: string): NormalText {
  const text = kind === 'lines' ? raw.replaceAll('\r\n', '\n').normalize('NFC') : raw.normalize('NFC');
  if (kind !== 'lines' && lineBreaks.test(text)) return { refusal: 'must be a single line' };
  if ((kind === 'lines' ? controlsBesideLayout : controls).test(text)) {
    return { refusal: 'must not contain control characters' };
  }
  if (onlyBlank.test(text)) return { text: '' };
  // Lower case first: some capitals become a sequence that NFC then composes.
  return { text: kind === 'email' ? text.trim().toLowerCase().normalize('NFC') : text.trim() };
}

const spaces = /\p{Zs}/gu;
/**
 * What the FreeformClass of RFC 8264 disallows: controls, private use, unassigned code points, characters that are not
 * seen and old Hangul. The two joiners are allowed everywhere; the RFC allows them where a script needs them.
 */
const disallowed =
  /(?![\u200c\u200d])[\p{Cc}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]/u;

/** https://www.rfc-editor.org/rfc/rfc8265#section-4.2 */
function opaqueString(raw: string): NormalText {
  const text = raw.replace(spaces, ' ').normalize('NFC');
  return disallowed.test(text)
    ? { refusal: 'must not contain control characters or characters that are not seen' }
    : { text };
}

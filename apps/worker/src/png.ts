import { constants, crc32, createInflateRaw } from 'node:zlib';

/** A chunk of a PNG: where it begins, and its data. Behind the data there is a checksum of 4 bytes. */
type Chunk = { name: string; at: number; data: Buffer };

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const signatureBytes = signature.length;
/** Length and name in front of the data, checksum behind it. */
const frameBytes = 12;
/** Red, green and blue of a palette. */
const bytesPerColour = 3;

/** The chunks up to and with the last one, `IEND`; undefined when the file ends before. */
export function chunksOf(png: Buffer): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  for (let at = signatureBytes; at + frameBytes <= png.length; ) {
    const name = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    chunks.push({ name, at, data });
    if (name === 'IEND') return chunks;
    at += frameBytes + png.readUInt32BE(at);
  }
  return undefined;
}

/** Whether the first chunk is a header, and it and the palettes have right checksums. Browsers show nothing else. */
export const isSound = (png: Buffer, chunks: Chunk[]): boolean =>
  chunks[0]?.name === 'IHDR' &&
  chunks
    .filter(({ name }) => name === 'IHDR' || name === 'PLTE')
    .every(
      ({ at, data }) =>
        crc32(png.subarray(at + 4, at + 8 + data.length)) === png.readUInt32BE(at + 8 + data.length),
    );

/**
 * A PNG whose palettes end with a whole colour. Browsers ignore what is left over; the decoder refuses the whole file. Other
 * files are returned as they are.
 */
export function withWholeColours(file: Buffer): Buffer {
  if (!file.subarray(0, signatureBytes).equals(signature)) return file;
  const chunks = chunksOf(file) ?? [];
  const surplus = ({ name, data }: Chunk) => (name === 'PLTE' ? data.length % bytesPerColour : 0);
  if (!isSound(file, chunks) || chunks.every((one) => surplus(one) === 0)) return file;
  const whole = chunks.map((one) =>
    surplus(one) === 0
      ? file.subarray(one.at, one.at + frameBytes + one.data.length)
      : chunk(one.name, one.data.subarray(0, -surplus(one))),
  );
  return Buffer.concat([signature, ...whole]);
}

function chunk(name: string, data: Buffer): Buffer {
  const file = Buffer.alloc(frameBytes + data.length);
  file.writeUInt32BE(data.length, 0);
  file.write(name, 4, 'latin1');
  data.copy(file, 8);
  file.writeUInt32BE(crc32(file.subarray(4, 8 + data.length)), 8 + data.length);
  return file;
}

/** The first bytes of a compressed stream: deflate with the largest window, 32 KiB (RFC 1950). */
const largestWindow = Buffer.from([0x78, 0x01]);

/** A picture with transparent margins, in pixels. */
export type Frame = { bytes: Buffer; left: number; top: number; right: number; bottom: number };

/**
 * The first frame of an animation whose plain picture is not one of its frames: that picture is for programs that show
 * no animations. Undefined for every other PNG, whose first frame is the plain picture.
 */
export function firstFrame(png: Buffer, chunks: Chunk[]): Frame | undefined {
  const place = (name: string) => chunks.findIndex((one) => one.name === name);
  const [animation, control, pixels] = [place('acTL'), place('fcTL'), place('IDAT')];
  if (animation < 0 || animation > pixels || control < pixels) return undefined;
  const header = Buffer.from(chunks[0]!.data);
  const { data } = chunks[control]!;
  const [width = 0, height = 0, left = 0, top = 0] = [4, 8, 12, 16].map((at) => data.readUInt32BE(at));
  const right = header.readUInt32BE(0) - left - width;
  const bottom = header.readUInt32BE(4) - top - height;
  if (right < 0 || bottom < 0) return undefined;
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const next = chunks.findIndex(({ name }, at) => at > control && name === 'fcTL');
  const parts = [
    chunk('IHDR', header),
    // What the colours of all frames depend on, such as the palette.
    ...chunks
      .slice(1, pixels)
      .filter(({ name }) => name !== 'acTL')
      .map((one) => chunk(one.name, one.data)),
    // A sequence number of 4 bytes, then pixels.
    ...chunks
      .slice(control, next < 0 ? undefined : next)
      .filter(({ name }) => name === 'fdAT')
      .map((one) => chunk('IDAT', one.data.subarray(4))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return { bytes: Buffer.concat([png.subarray(0, signatureBytes), ...parts]), left, top, right, bottom };
}

/**
 * The same picture with the right checksum over all its pixels, which browsers do not compare and the decoder does, and
 * with the largest window: browsers use that one whatever the picture says, and the decoder uses what it says.
 *
 * @param maxBytes how many bytes of pixels a picture may have.
 * @returns undefined when the pixels are more than that, end too early or can't be read.
 */
export async function withRightChecksum(
  png: Buffer,
  chunks: Chunk[],
  maxBytes: number,
): Promise<Buffer | undefined> {
  const pixels = Buffer.concat(chunks.filter(({ name }) => name === 'IDAT').map(({ data }) => data));
  // The stream begins with 2 bytes that name its format and ends with 4 of the checksum.
  const inflate = createInflateRaw({ finishFlush: constants.Z_FINISH });
  inflate.end(pixels.subarray(2));
  const sum = { a: 1, b: 0, bytes: 0 };
  try {
    for await (const part of inflate as AsyncIterable<Buffer>) {
      sum.bytes += part.length;
      if (sum.bytes > maxBytes) return undefined;
      for (const byte of part) {
        sum.a = (sum.a + byte) % 65_521;
        sum.b = (sum.b + sum.a) % 65_521;
      }
    }
  } catch {
    return undefined;
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt16BE(sum.b, 0);
  checksum.writeUInt16BE(sum.a, 2);
  const first = chunks.findIndex(({ name }) => name === 'IDAT');
  const others = (from: number, to?: number) =>
    chunks
      .slice(from, to)
      .filter(({ name }) => name !== 'IDAT')
      .map((one) => chunk(one.name, one.data));
  return Buffer.concat([
    png.subarray(0, signatureBytes),
    ...others(0, first),
    chunk('IDAT', Buffer.concat([largestWindow, pixels.subarray(2, 2 + inflate.bytesWritten), checksum])),
    ...others(first),
  ]);
}

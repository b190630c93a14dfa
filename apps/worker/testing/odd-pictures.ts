import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { v7 as uuid } from 'uuid';

/** The four corners of every picture here, row by row; a turned or miscoloured picture shows others. */
export type Corner = 'red' | 'green' | 'blue' | 'white';
export const corners: Record<Corner, [number, number, number]> = {
  red: [200, 40, 40],
  green: [40, 160, 60],
  blue: [50, 70, 190],
  white: [240, 240, 240],
};
export const size = { width: 96, height: 64 };

/** Four plain quarters, and a pixel that makes the bytes of every call different. */
export function aQuarteredPicture({ width, height } = size): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  const order = Object.values(corners);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      pixels.set(order[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]!, (y * width + x) * 3);
  const unique = Buffer.from(uuid().replaceAll('-', ''), 'hex').subarray(-3);
  pixels.set(unique, ((height / 2) * width + width / 2) * 3);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Puts bytes into a file, in front of the first segment or chunk that is named by `mark`. */
const insertBefore = (file: Buffer, mark: Buffer | number, bytes: Buffer | number[]): Buffer => {
  const at = typeof mark === 'number' ? mark : file.indexOf(mark);
  return Buffer.concat([file.subarray(0, at), Buffer.from(bytes), file.subarray(at)]);
};
const changed = (file: Buffer, at: number, value: number): Buffer => {
  const copy = Buffer.from(file);
  copy[at] = value;
  return copy;
};

const startOfScan = Buffer.from([0xff, 0xda]);
/** A baseline scan of three components ends its header with 0, 63, 0: the whole block, at full precision. */
const scanParameters = (jpeg: Buffer) => jpeg.indexOf(startOfScan) + 2 + 9;
const half = (file: Buffer) => file.subarray(0, Math.floor(file.length / 2));
const noise = Buffer.from('and something that is no part of the picture');

/** A chunk of a PNG: length, name, data, checksum. */
export function pngChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
/** Where a chunk begins, its length included. */
const chunkAt = (png: Buffer, name: string) => png.indexOf(name, 0, 'latin1') - 4;

/** An animated PNG: the picture itself is the first frame, a black rectangle the second. */
async function animatedPng(): Promise<Buffer> {
  const still = await aQuarteredPicture().png().toBuffer();
  const black = await sharp({ create: { ...size, channels: 3, background: 'black' } })
    .png()
    .toBuffer();
  const frame = (sequence: number) => {
    const control = Buffer.alloc(26);
    control.writeUInt32BE(sequence, 0);
    control.writeUInt32BE(size.width, 4);
    control.writeUInt32BE(size.height, 8);
    control.writeUInt16BE(1, 20);
    control.writeUInt16BE(10, 22);
    return pngChunk('fcTL', control);
  };
  const idat = chunkAt(black, 'IDAT');
  const data = black.subarray(idat + 8, idat + 8 + black.readUInt32BE(idat));
  const second = pngChunk('fdAT', Buffer.concat([Buffer.from([0, 0, 0, 2]), data]));
  const animation = pngChunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));
  const begun = insertBefore(still, chunkAt(still, 'IDAT'), Buffer.concat([animation, frame(0)]));
  return insertBefore(begun, chunkAt(begun, 'IEND'), Buffer.concat([frame(1), second]));
}

/** An animated PNG whose plain picture is black and no part of it; its first frame lies in the middle. */
async function animatedPngWithAnotherPicture(): Promise<Buffer> {
  const frame = await aQuarteredPicture().png().toBuffer();
  const control = Buffer.alloc(26);
  for (const [at, value] of [size.width, size.height, size.width / 2, size.height / 2].entries())
    control.writeUInt32BE(value, 4 + at * 4);
  const idat = chunkAt(frame, 'IDAT');
  const data = frame.subarray(idat + 8, idat + 8 + frame.readUInt32BE(idat));
  const black = await sharp({
    create: { width: size.width * 2, height: size.height * 2, channels: 3, background: 'black' },
  })
    .png()
    .toBuffer();
  const begun = insertBefore(
    black,
    chunkAt(black, 'IDAT'),
    pngChunk('acTL', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])),
  );
  const frames = [
    pngChunk('fcTL', control),
    pngChunk('fdAT', Buffer.concat([Buffer.from([0, 0, 0, 1]), data])),
  ];
  return insertBefore(begun, chunkAt(begun, 'IEND'), Buffer.concat(frames));
}

/** A PNG of any depth and type of colours (https://www.w3.org/TR/png-3/#table111), by the samples of its quarters. */
function aPngOf(depth: number, colours: number, quarters: number[][], before: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.width, 0);
  header.writeUInt32BE(size.height, 4);
  header.set([depth, colours], 8);
  const row = (left: number[], right: number[]) => {
    const half = (samples: number[]) =>
      samples
        .map((sample) => sample.toString(2).padStart(depth, '0'))
        .join('')
        .repeat(size.width / 2);
    const bytes = (half(left) + half(right)).match(/.{8}/g)!.map((bits) => Number.parseInt(bits, 2));
    // 0: the row is as it is, no difference to the one above.
    return Buffer.from([0, ...bytes]);
  };
  const [a, b, c, d] = quarters as [number[], number[], number[], number[]];
  const rows = Array.from({ length: size.height }, (_, y) => (y < size.height / 2 ? row(a, b) : row(c, d)));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...before,
    pngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}
const samples = Object.values(corners);
const palette = pngChunk('PLTE', Buffer.from(samples.flat()));

/** A JPEG of four blocks, each coded anew behind a restart marker. */
async function restartedJpeg(): Promise<Buffer> {
  const blocks = await Promise.all(
    samples.map(([r, g, b]) =>
      sharp({ create: { width: 16, height: 16, channels: 3, background: { r, g, b } } })
        .jpeg({ quality: 95, chromaSubsampling: '4:2:0', optimiseCoding: false })
        .toBuffer(),
    ),
  );
  const scanAt = (file: Buffer) => {
    const at = file.indexOf(startOfScan) + 2;
    return at + file.readUInt16BE(at);
  };
  const header = Buffer.from(blocks[0]!.subarray(0, scanAt(blocks[0]!)));
  const frame = header.indexOf(Buffer.from([0xff, 0xc0]));
  header.writeUInt16BE(32, frame + 5);
  header.writeUInt16BE(32, frame + 7);
  const scans = blocks.flatMap((block, n) => [
    ...(n > 0 ? [Buffer.from([0xff, 0xd0 + n - 1])] : []),
    block.subarray(scanAt(block), -2),
  ]);
  return Buffer.concat([
    insertBefore(header, startOfScan, [0xff, 0xdd, 0, 4, 0, 1]),
    ...scans,
    Buffer.from([0xff, 0xd9]),
  ]);
}
/** A segment in front of all others. */
const withSegment = (file: Buffer, mark: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xff00 + mark);
  head.writeUInt16BE(data.length + 2, 2);
  return insertBefore(file, 2, Buffer.concat([head, data]));
};
const startOfFrame = Buffer.from([0xff, 0xc0]);

async function animatedWebp(): Promise<Buffer> {
  const frames = await Promise.all([
    aQuarteredPicture().png().toBuffer(),
    sharp({ create: { ...size, channels: 3, background: 'black' } })
      .png()
      .toBuffer(),
  ]);
  return await sharp(frames, { join: { animated: true } })
    .webp({ loop: 0, delay: [500, 500], quality: 95 })
    .toBuffer();
}

const jpeg = (options = {}) =>
  aQuarteredPicture()
    .jpeg({ quality: 95, ...options })
    .toBuffer();
const png = (options = {}) => aQuarteredPicture().png(options).toBuffer();
const webp = (options = {}) =>
  aQuarteredPicture()
    .webp({ quality: 95, ...options })
    .toBuffer();
const turned = (orientation: number) =>
  aQuarteredPicture()
    .withMetadata({ orientation })
    .withExif({ IFD0: { Copyright: 'Ada' } });

/** The corners of an upright picture, row by row, by the orientation that its metadata gives. */
const turns: Record<number, Corner[]> = {
  1: ['red', 'green', 'blue', 'white'],
  2: ['green', 'red', 'white', 'blue'],
  3: ['white', 'blue', 'green', 'red'],
  4: ['blue', 'white', 'red', 'green'],
  5: ['red', 'blue', 'green', 'white'],
  6: ['blue', 'red', 'white', 'green'],
  7: ['white', 'green', 'blue', 'red'],
  8: ['green', 'white', 'red', 'blue'],
};

export type OddPicture = {
  name: string;
  type: 'image/jpeg' | 'image/png' | 'image/webp';
  make: () => Promise<Buffer>;
  /**
   * How the picture must look: the corners as they are (`near`: CMYK holds only some of these colours), in another
   * order, grey, `framed` by transparency on all sides, or damaged, which is taken as it is. `refused` says that there is no picture.
   */
  looks: 'same' | 'near' | 'grey' | 'framed' | 'damaged' | 'refused' | Corner[];
  /** What Chromium 156 made of the same bytes, where that differs: found by hand, with `<img>` and a canvas. */
  inChromium?: string;
};

/** Pictures as programs and cameras write them, and as disks and networks damage them. */
export const oddPictures: OddPicture[] = [
  { name: 'baseline', type: 'image/jpeg', make: () => jpeg(), looks: 'same' },
  { name: 'progressive', type: 'image/jpeg', make: () => jpeg({ progressive: true }), looks: 'same' },
  {
    name: 'without subsampling',
    type: 'image/jpeg',
    make: () => jpeg({ chromaSubsampling: '4:4:4' }),
    looks: 'same',
  },
  {
    name: 'a slip in the scan header: the end of the spectrum is 0',
    type: 'image/jpeg',
    make: async () => {
      const file = await jpeg();
      return changed(file, scanParameters(file) + 1, 0);
    },
    looks: 'same',
  },
  {
    name: 'a slip in the scan header: the precision is 1',
    type: 'image/jpeg',
    make: async () => {
      const file = await jpeg();
      return changed(file, scanParameters(file) + 2, 1);
    },
    looks: 'same',
  },
  {
    name: 'stray bytes before the scan',
    type: 'image/jpeg',
    make: async () => insertBefore(await jpeg(), startOfScan, [0, 1, 2, 3, 4, 5]),
    looks: 'same',
  },
  {
    name: 'fill bytes before the scan',
    type: 'image/jpeg',
    make: async () => insertBefore(await jpeg(), startOfScan, [0xff, 0xff, 0xff]),
    looks: 'same',
  },
  {
    name: 'trailing bytes',
    type: 'image/jpeg',
    make: async () => Buffer.concat([await jpeg(), noise]),
    looks: 'same',
  },
  {
    name: 'a second picture behind it, as telephones write',
    type: 'image/jpeg',
    make: async () => Buffer.concat([await jpeg(), half(await jpeg())]),
    looks: 'same',
  },
  {
    name: 'grey',
    type: 'image/jpeg',
    make: () => aQuarteredPicture().greyscale().jpeg().toBuffer(),
    looks: 'grey',
  },
  {
    name: 'CMYK',
    type: 'image/jpeg',
    make: () => aQuarteredPicture().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
    looks: 'near',
  },
  {
    name: 'the profile Display P3',
    type: 'image/jpeg',
    make: () => aQuarteredPicture().withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(),
    looks: 'same',
  },
  ...Object.entries(turns).map(([orientation, looks]) => ({
    name: `turned by EXIF: ${orientation}`,
    type: 'image/jpeg' as const,
    make: () => turned(Number(orientation)).jpeg({ quality: 95 }).toBuffer(),
    looks,
  })),
  {
    name: 'a byte of the scan is another',
    type: 'image/jpeg',
    make: async () => {
      const file = await jpeg();
      const at = file.indexOf(startOfScan) + 40;
      return changed(file, at, file[at]! ^ 0x55);
    },
    looks: 'damaged',
  },
  {
    name: 'a hole in the scan',
    type: 'image/jpeg',
    make: async () => {
      const file = await aQuarteredPicture({ width: 960, height: 640 }).jpeg().toBuffer();
      return Buffer.concat([half(file), file.subarray(-2)]);
    },
    looks: 'damaged',
  },
  { name: 'restart markers', type: 'image/jpeg', make: restartedJpeg, looks: 'same' },
  {
    name: 'a profile that is none',
    type: 'image/jpeg',
    make: async () => withSegment(await jpeg(), 0xe2, Buffer.from('ICC_PROFILE\0\x01\x01none', 'latin1')),
    looks: 'same',
  },
  {
    name: 'EXIF that is none',
    type: 'image/jpeg',
    make: async () => withSegment(await jpeg(), 0xe1, Buffer.from('Exif\0\0MM\0*\0\0\0\x99', 'latin1')),
    looks: 'same',
  },
  {
    name: '12 bits',
    type: 'image/jpeg',
    make: async () => {
      const file = await jpeg();
      return changed(file, file.indexOf(startOfFrame) + 4, 12);
    },
    looks: 'refused',
  },
  {
    name: 'without loss',
    type: 'image/jpeg',
    make: async () => {
      const file = await jpeg();
      return changed(file, file.indexOf(startOfFrame) + 1, 0xc3);
    },
    looks: 'refused',
  },
  {
    name: 'a height of 0',
    type: 'image/jpeg',
    make: async () => {
      const file = await jpeg();
      file.writeUInt16BE(0, file.indexOf(startOfFrame) + 5);
      return file;
    },
    looks: 'refused',
  },
  { name: 'truncated', type: 'image/jpeg', make: async () => half(await jpeg()), looks: 'refused' },
  {
    name: 'truncated, progressive',
    type: 'image/jpeg',
    make: async () => half(await jpeg({ progressive: true })),
    looks: 'refused',
    inChromium: 'is shown in part',
  },
  {
    name: 'the last two bytes are missing',
    type: 'image/jpeg',
    make: async () => (await jpeg()).subarray(0, -2),
    looks: 'refused',
    inChromium: 'is shown in part',
  },
  {
    name: 'truncated, with a whole preview in its header',
    type: 'image/jpeg',
    make: async () => {
      const preview = await jpeg();
      const header = Buffer.alloc(4);
      header.writeUInt16BE(0xffe5);
      header.writeUInt16BE(preview.length + 2, 2);
      return half(
        insertBefore(
          await aQuarteredPicture({ width: 960, height: 640 }).jpeg().toBuffer(),
          2,
          Buffer.concat([header, preview]),
        ),
      );
    },
    looks: 'refused',
    inChromium: 'is shown in part',
  },
  {
    name: 'the header alone',
    type: 'image/jpeg',
    make: async () => (await jpeg()).subarray(0, 20),
    looks: 'refused',
  },

  { name: 'plain', type: 'image/png', make: () => png(), looks: 'same' },
  { name: 'interlaced', type: 'image/png', make: () => png({ progressive: true }), looks: 'same' },
  { name: 'a palette', type: 'image/png', make: () => png({ palette: true, colours: 16 }), looks: 'same' },
  {
    name: '16 bits',
    type: 'image/png',
    make: () => aQuarteredPicture().toColourspace('rgb16').png().toBuffer(),
    looks: 'same',
  },
  {
    name: 'grey',
    type: 'image/png',
    make: () => aQuarteredPicture().toColourspace('b-w').png().toBuffer(),
    looks: 'grey',
  },
  {
    name: 'alpha',
    type: 'image/png',
    make: () => aQuarteredPicture().ensureAlpha(1).png().toBuffer(),
    looks: 'same',
  },
  {
    name: 'the profile Display P3',
    type: 'image/png',
    make: () => aQuarteredPicture().withIccProfile('p3').png().toBuffer(),
    looks: 'same',
  },
  { name: 'turned by EXIF: 6', type: 'image/png', make: () => turned(6).png().toBuffer(), looks: turns[6]! },
  { name: 'animated: its first frame', type: 'image/png', make: animatedPng, looks: 'same' },
  {
    name: 'trailing bytes',
    type: 'image/png',
    make: async () => Buffer.concat([await png(), noise]),
    looks: 'same',
  },
  {
    name: 'an unknown chunk',
    type: 'image/png',
    make: async () => {
      const file = await png();
      return insertBefore(file, chunkAt(file, 'IDAT'), pngChunk('shOp', noise));
    },
    looks: 'same',
  },
  {
    name: 'a wrong checksum of a comment',
    type: 'image/png',
    make: async () => {
      const file = await png();
      const comment = pngChunk('tEXt', Buffer.from('Author\0Ada'));
      return insertBefore(
        file,
        chunkAt(file, 'IDAT'),
        changed(comment, comment.length - 1, comment.at(-1)! ^ 1),
      );
    },
    looks: 'same',
  },
  {
    name: 'a wrong checksum of the pixels',
    type: 'image/png',
    make: async () => {
      const file = await png();
      const at = chunkAt(file, 'IDAT') + 8 + file.readUInt32BE(chunkAt(file, 'IDAT')) + 3;
      return changed(file, at, file[at]! ^ 1);
    },
    looks: 'damaged',
  },
  {
    name: 'animated, its plain picture is no frame',
    type: 'image/png',
    make: animatedPngWithAnotherPicture,
    looks: 'framed',
  },
  { name: '1 bit', type: 'image/png', make: async () => aPngOf(1, 0, [[0], [1], [1], [0]]), looks: 'grey' },
  { name: '2 bits', type: 'image/png', make: async () => aPngOf(2, 0, [[0], [1], [2], [3]]), looks: 'grey' },
  {
    name: '16 bits, grey and alpha',
    type: 'image/png',
    make: async () =>
      aPngOf(
        16,
        4,
        [0, 20_000, 40_000, 60_000].map((grey) => [grey, 65_535]),
      ),
    looks: 'grey',
  },
  {
    name: '16 bits and alpha',
    type: 'image/png',
    make: async () =>
      aPngOf(
        16,
        6,
        samples.map((colour) => [...colour.map((one) => one * 257), 65_535]),
      ),
    looks: 'same',
  },
  {
    name: 'a palette of four colours',
    type: 'image/png',
    make: async () => aPngOf(2, 3, [[0], [1], [2], [3]], [palette]),
    looks: 'same',
  },
  {
    name: 'a palette that ends within a colour',
    type: 'image/png',
    make: async () => {
      const colours = Buffer.from([...samples.flat(), 7]);
      return aPngOf(2, 3, [[0], [1], [2], [3]], [pngChunk('PLTE', colours)]);
    },
    looks: 'same',
  },
  {
    name: 'a wrong checksum of the palette',
    type: 'image/png',
    make: async () => {
      const file = aPngOf(2, 3, [[0], [1], [2], [3]], [palette]);
      const at = chunkAt(file, 'PLTE') + palette.length - 1;
      return changed(file, at, file[at]! ^ 1);
    },
    looks: 'refused',
  },
  {
    name: 'a profile that is none',
    type: 'image/png',
    make: async () =>
      aPngOf(8, 2, samples, [
        pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.from('none'))])),
      ]),
    looks: 'same',
  },
  {
    name: 'pixels in many chunks, one of them empty',
    type: 'image/png',
    make: async () => {
      const file = await png();
      const at = chunkAt(file, 'IDAT');
      const data = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
      const parts = [data.subarray(0, 0), data.subarray(0, 20), data.subarray(20)];
      return Buffer.concat([
        file.subarray(0, at),
        ...parts.map((part) => pngChunk('IDAT', part)),
        file.subarray(at + 12 + data.length),
      ]);
    },
    looks: 'same',
  },
  {
    name: 'it says that a smaller window is enough to unpack it',
    type: 'image/png',
    make: async () => {
      const file = await png();
      const at = chunkAt(file, 'IDAT');
      const data = Buffer.from(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
      data.writeUInt16BE(0x081d);
      return Buffer.concat([
        file.subarray(0, at),
        pngChunk('IDAT', data),
        file.subarray(at + 12 + data.length),
      ]);
    },
    looks: 'same',
  },
  {
    name: 'a wrong checksum over all pixels',
    type: 'image/png',
    make: async () => {
      const file = await png();
      const at = chunkAt(file, 'IDAT');
      const data = Buffer.from(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
      data[data.length - 1]! ^= 1;
      return Buffer.concat([
        file.subarray(0, at),
        pngChunk('IDAT', data),
        file.subarray(at + 12 + data.length),
      ]);
    },
    looks: 'same',
  },
  {
    name: 'a wrong checksum of the header',
    type: 'image/png',
    make: async () => changed(await png(), 32, (await png())[32]! ^ 1),
    looks: 'refused',
  },
  {
    name: 'a chunk that must be known and is not',
    type: 'image/png',
    make: async () => {
      const file = await png();
      return insertBefore(file, chunkAt(file, 'IDAT'), pngChunk('SHOP', noise));
    },
    looks: 'refused',
  },
  {
    name: 'truncated',
    type: 'image/png',
    make: async () => half(await png({ palette: false })),
    looks: 'refused',
    inChromium: 'is shown in part',
  },
  {
    name: 'the last chunk is missing',
    type: 'image/png',
    make: async () => (await png()).subarray(0, -12),
    looks: 'refused',
    inChromium: 'is shown',
  },
  {
    name: 'the header alone',
    type: 'image/png',
    make: async () => (await png()).subarray(0, 33),
    looks: 'refused',
  },

  { name: 'lossy', type: 'image/webp', make: () => webp(), looks: 'same' },
  { name: 'lossless', type: 'image/webp', make: () => webp({ lossless: true }), looks: 'same' },
  {
    name: 'alpha',
    type: 'image/webp',
    make: () => aQuarteredPicture().ensureAlpha(1).webp({ quality: 95 }).toBuffer(),
    looks: 'same',
  },
  {
    name: 'the profile Display P3',
    type: 'image/webp',
    make: () => aQuarteredPicture().withIccProfile('p3').webp({ quality: 95 }).toBuffer(),
    looks: 'same',
  },
  {
    name: 'turned by EXIF: 6',
    type: 'image/webp',
    make: () => turned(6).webp({ quality: 95 }).toBuffer(),
    looks: turns[6]!,
    inChromium: 'is not turned',
  },
  { name: 'animated: its first frame', type: 'image/webp', make: animatedWebp, looks: 'same' },
  {
    name: 'trailing bytes',
    type: 'image/webp',
    make: async () => Buffer.concat([await webp(), noise]),
    looks: 'same',
  },
  { name: 'truncated', type: 'image/webp', make: async () => half(await webp()), looks: 'refused' },
  {
    name: 'the last byte is missing',
    type: 'image/webp',
    make: async () => (await webp({ lossless: true })).subarray(0, -1),
    looks: 'refused',
  },
  {
    name: 'the header alone',
    type: 'image/webp',
    make: async () => (await webp()).subarray(0, 24),
    looks: 'refused',
  },
];

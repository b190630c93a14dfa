/** The object's place in the square frame, in pixels. */
export type Box = { left: number; top: number; width: number; height: number };

/** Scales an object into the middle of the frame; what is flat stands a little lower, on the same floor. */
export function place(object: { width: number; height: number }, frame: number): Box {
  const scale = (frame * 0.6) / Math.max(object.width, object.height);
  const width = Math.round(object.width * scale);
  const height = Math.round(object.height * scale);
  const floor = frame * 0.81;
  return {
    left: Math.round((frame - width) / 2),
    // Half-way between standing on the floor and hanging in the middle: pleasing for tall and for flat things.
    top: Math.round(((floor - height) * 1.2 + ((frame - height) / 2) * 0.8) / 2),
    width,
    height,
  };
}

/**
 * An SVG of a softly lit studio sweep in the category's hue, with the object's shadow on the floor.
 * The tones are light enough for a white page and muted enough not to glare on a dark one.
 */
export function backdrop(frame: number, hue: number, box: Box): string {
  const middle = box.left + box.width / 2;
  const foot = box.top + box.height * 0.985;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${frame}" height="${frame}">
  <defs>
    <linearGradient id="wall" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="hsl(${hue}, 46%, 91%)"/>
      <stop offset="0.7" stop-color="hsl(${hue}, 42%, 86%)"/>
      <stop offset="1" stop-color="hsl(${hue}, 38%, 80%)"/>
    </linearGradient>
    <radialGradient id="light" cx="0.42" cy="0.36" r="0.6">
      <stop offset="0" stop-color="#fff" stop-opacity="0.75"/>
      <stop offset="1" stop-color="#fff" stop-opacity="0"/>
    </radialGradient>
    <radialGradient id="shadow">
      <stop offset="0" stop-color="hsl(${hue}, 45%, 22%)" stop-opacity="0.42"/>
      <stop offset="0.45" stop-color="hsl(${hue}, 45%, 26%)" stop-opacity="0.2"/>
      <stop offset="1" stop-color="hsl(${hue}, 45%, 30%)" stop-opacity="0"/>
    </radialGradient>
  </defs>
  <rect width="100%" height="100%" fill="url(#wall)"/>
  <rect width="100%" height="100%" fill="url(#light)"/>
  <ellipse cx="${middle}" cy="${foot}" rx="${box.width * 0.56}" ry="${frame * 0.062}" fill="url(#shadow)"/>
</svg>`;
}

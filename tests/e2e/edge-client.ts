/** A client that sends an edge exactly the given bytes, valid HTTP or not, and returns the bytes of the answer. */
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { edges as origins, tlsEdges } from '@shop/shop-client/topology-under-test.ts';

const [http1, http2] = origins;
const [https1, https2] = tlsEdges;

export const edges = [
  { http: http1, https: https1 },
  { http: http2, https: https2 },
] as const;

/** Header names in lower case; the body as text, unpacked. */
export type RawReply = { status: number; headers: Record<string, string>; body: string };

export const hostOf = (base: string) => new URL(base).host;

/**
 * Sends request line and headers, `Connection: close`, and the body; resolves with the answer once the edge has closed.
 * @throws when the edge closes without one.
 */
export function send(base: string, head: readonly string[], body = ''): Promise<RawReply> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const finish = () => {
      try {
        resolve(parse(Buffer.concat(chunks)));
      } catch (error) {
        reject(error);
      }
    };
    const socket = connect(Number(port), hostname, () => {
      socket.write(Buffer.from(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`, 'latin1'));
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', finish);
    // An edge that has refused a body stops reading it, and the connection breaks after the answer.
    socket.on('error', finish);
  });
}

export const get = (base: string, path: string, headers: Record<string, string> = {}) =>
  send(base, [
    `GET ${path} HTTP/1.1`,
    `Host: ${hostOf(base)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]);

function parse(bytes: Buffer): RawReply {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`No answer: ${JSON.stringify(bytes.toString('latin1').slice(0, 200))}`);
  const [statusLine, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [name, value] = [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ];
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const sent = bytes.subarray(end + 4);
  const body = headers['transfer-encoding'] === 'chunked' ? joinChunks(sent) : sent;
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return { status: Number(statusLine?.split(' ')[1]), headers, body: text.toString() };
}

function joinChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const length = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (!length) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
}

import pTimeout from 'p-timeout';
import { execIn } from './in-container.ts';

/** Prints the body of what port `$1` answers to a GET of `$2`; the images have no HTTP client. */
const get = String.raw`exec 3<>/dev/tcp/127.0.0.1/$1
printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&3
sed '1,/^\r$/d' <&3`;

/**
 * The body of what a server answers that publishes no port: a program in its own container asks.
 *
 * @param silent what the error says when there is no answer within some seconds.
 * @throws when the container does not run.
 */
export async function getInContainer(
  name: string,
  port: number,
  path: string,
  silent: string,
): Promise<string> {
  return await pTimeout(execIn(name, 'timeout', '5', 'bash', '-c', get, 'get', String(port), path), {
    // In a container that is frozen meanwhile, `timeout` is frozen, too.
    milliseconds: 8_000,
    message: silent,
  });
}

import type { Report } from '@shop/command/steps.ts';
import { engine } from '@shop/docker/engine-api.ts';

type Progress = { error?: string; aux?: { Digest?: string } };

/**
 * Pushes an image of the machine's engine to a registry on 127.0.0.1, which the engine trusts without TLS. The engine sends
 * only layers that the registry does not have.
 *
 * @param image with its tag.
 * @returns the digest by which the registry knows it.
 */
export async function pushImage(image: string, registry: string, report: Report): Promise<string> {
  const [name = '', tag = 'latest'] = image.split(':');
  const repo = `${registry}/${name}`;
  await engine().getImage(image).tag({ repo, tag });
  const pushed = engine().getImage(`${repo}:${tag}`);
  report(`pushing ${image}`);
  // The registry needs no login, but the engine requires the header.
  const stream = await pushed.push({ authconfig: { username: '', password: '', serveraddress: '' } });
  const progress = await new Promise<Progress[]>((resolve, reject) =>
    engine().modem.followProgress(stream, (error, lines: Progress[]) =>
      error ? reject(error) : resolve(lines),
    ),
  );
  const failure = progress.find(({ error }) => error)?.error;
  if (failure) throw new Error(`${image} cannot be pushed to ${registry}: ${failure}`);
  // Only the copy in the registry has this name; the image keeps its own.
  await pushed.remove();
  const digest = progress.find(({ aux }) => aux?.Digest)?.aux?.Digest;
  if (!digest) throw new Error(`${registry} told no digest of ${image}`);
  return digest;
}

import { type Access, kubectl } from '@shop/cluster/kubectl.ts';

/** The zones of machines that have one. @throws when the machines may not be listed. */
export async function zonesOf(access: Access): Promise<Map<string, string>> {
  const zone = String.raw`{.metadata.labels.topology\.kubernetes\.io/zone}`;
  const each = `jsonpath={range .items[*]}{.metadata.name}{"\\t"}${zone}{"\\n"}{end}`;
  const lines = (await kubectl(access, ['get', 'nodes', '--output', each])).split('\n');
  return new Map(
    lines
      .map((line) => line.split('\t'))
      .flatMap(([machine, name]) => (machine && name ? [[machine, name]] : [])),
  );
}

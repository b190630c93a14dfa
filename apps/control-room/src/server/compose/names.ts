import type { Listed } from '@shop/docker/engine-api.ts';

/**
 * Short names by id: the engine's name without the project, and without the number where a service has one container
 * (`shop-api-2` is `api-2`, `shop-db-1-1` is `db-1`).
 */
export function shortNames(project: string, containers: Pick<Listed, 'id' | 'name' | 'service'>[]) {
  const count = Map.groupBy(containers, ({ service }) => service);
  return new Map(
    containers.map(({ id, name, service }) => {
      const own = name.startsWith(`${project}-`) ? name.slice(project.length + 1) : name;
      const alone = count.get(service)?.length === 1 && own === `${service}-1`;
      return [id, alone ? service : own];
    }),
  );
}

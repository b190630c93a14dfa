import { type Check, fail, pass, serviceOf } from '../facts.ts';

const backupPrograms = /backup|pgbackrest|barman|wal-g/i;

export const backups: Check = {
  title: 'backups of the database are made',
  where: 'infra/db/patroni.yml: archive_command; a service of docker-compose.yml',
  run: ({ containers, files }) => {
    const services = containers.map(serviceOf).filter((name) => backupPrograms.test(name));
    const archives = /^\s*archive_command: *['"]?\w/m.test(files.get('infra/db/patroni.yml') ?? '');
    if (services.length > 0 && archives) return pass(`by ${services.join(', ')}, with the log archived`);
    const missing = [
      services.length === 0 && 'no service makes one',
      !archives && 'Postgres archives no log',
    ];
    return fail(
      `${missing.filter(Boolean).join(', and ')}; a replica is no backup, since a DELETE reaches it too`,
    );
  },
};

/** A backup that was not restored within three months may not be restorable. */
const mostDays = 92;

export const restore: Check = {
  title: `a backup was restored within the last ${mostDays} days`,
  where: 'docs/results/restore.md: `Restored: <date>`',
  run: ({ files, now }) => {
    const date = /^Restored: (\d{4}-\d{2}-\d{2})/m.exec(files.get('docs/results/restore.md') ?? '')?.[1];
    if (!date) return fail('no restore was written down');
    const days = Math.floor((now.getTime() - Date.parse(date)) / (24 * 3600 * 1000));
    return days <= mostDays ? pass(`${days} days ago`) : fail(`the last one is ${days} days ago`);
  },
};

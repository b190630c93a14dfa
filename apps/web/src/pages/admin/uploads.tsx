import type { Upload } from '@shop/contracts/uploads.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { integer, moment } from '../../components/format.ts';
import { PageMeta } from '../../components/page-meta.tsx';
import { PagedTable } from './paged-table.tsx';
import { adminUploadsQuery } from './queries.ts';

const statuses = ['rejected', 'processing', 'pending', 'ready'] as const satisfies Upload['status'][];
const columns = ['When', 'For', 'Type', { number: 'Bytes' }, 'Reason', 'Id'];

export function AdminUploadsPage() {
  const [status, setStatus] = useState<Upload['status']>('rejected');
  const list = useInfiniteQuery(adminUploadsQuery(status));
  return (
    <>
      <PageMeta title="Uploads" />
      <div className="mb-6 flex flex-wrap items-end justify-between gap-4">
        <h1 className="text-title">Uploads</h1>
        <select
          aria-label="Status"
          value={status}
          onChange={({ target }) => setStatus(target.value as Upload['status'])}
          className="field w-auto"
        >
          {statuses.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </div>
      <PagedTable caption={`Uploads: ${status}`} columns={columns} list={list} empty={`None is ${status}.`}>
        {list.data?.pages
          .flatMap((page) => page.items)
          .map((upload) => (
            <tr key={upload.id}>
              <td className="whitespace-nowrap">{moment(upload.createdAt)}</td>
              <td>{upload.purpose}</td>
              <td>{upload.contentType}</td>
              <td className="number">{integer(upload.sizeBytes)}</td>
              <td className="text-danger">{upload.reason}</td>
              <td className="text-sm text-muted">{upload.id}</td>
            </tr>
          ))}
      </PagedTable>
    </>
  );
}

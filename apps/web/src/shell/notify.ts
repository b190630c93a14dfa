import { Observable } from '../api/observable.ts';

export type Notice = {
  /** A notice with the id of one that is shown takes its place. */
  id?: string;
  title: string;
  description?: string;
  type?: 'error';
  action?: { label: string; run: () => void };
};

/** Notices that the toaster, which is loaded when the page has nothing better to do, has not taken yet. */
export const notices = new Observable<Notice[]>([]);

export const notify = (notice: Notice) => notices.update((waiting) => [...waiting, notice]);

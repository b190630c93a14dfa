import { Observable } from '../api/observable.ts';

export type Notice = {
  /** A notice replaces the shown one with the same id. */
  id?: string;
  title: string;
  description?: string;
  type?: 'error';
  action?: { label: string; run: () => void };
};

/** Notices that wait for the toaster, which is loaded when the browser is idle. */
export const notices = new Observable<Notice[]>([]);

export const notify = (notice: Notice) => notices.update((waiting) => [...waiting, notice]);

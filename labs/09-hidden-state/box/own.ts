import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { mailTakesMs, type Outside, reportEveryMs, type State } from './state.ts';

const folder = '/tmp/files';

/** As in the first version of many shops: each line is correct while there is one process that never dies. */
export async function ownState({ sendMail, writeReport }: Outside): Promise<State> {
  await mkdir(folder, { recursive: true });
  const calls = new Map<string, number>();
  return {
    keepFile: (name, body) => writeFile(`${folder}/${name}`, body),
    readFile: (name) => readFile(`${folder}/${name}`).catch(() => undefined),
    countCall: async (customer) => {
      const count = (calls.get(customer) ?? 0) + 1;
      calls.set(customer, count);
      return count;
    },
    // Not awaited: the answer does not wait for the mail.
    sendLater: async (mail) => void setTimeout(mailTakesMs).then(() => sendMail(mail)),
    startReports: async () => {
      setInterval(() => void writeReport(Math.round(Date.now() / reportEveryMs)), reportEveryMs);
    },
  };
}

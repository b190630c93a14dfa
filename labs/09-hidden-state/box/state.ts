/** The state that the box keeps between requests. `own.ts` keeps it in the process, `shared.ts` in a shared store. */
export type State = {
  keepFile(name: string, body: Buffer): Promise<void>;
  readFile(name: string): Promise<Buffer | undefined>;
  /** How often this customer has called, this call included. */
  countCall(customer: string): Promise<number>;
  /** Accepts a mail that is sent after the answer. */
  sendLater(mail: string): Promise<void>;
  /** Begins to write a report for each second. */
  startReports(): Promise<void>;
};

/** The effects of the box: here a test sees an effect that happened twice or never. */
export type Outside = {
  sendMail(mail: string): Promise<void>;
  /** @param second the one that the report is about. */
  writeReport(second: number): Promise<void>;
};

/** How long a slow mail provider takes to send a mail. */
export const mailTakesMs = 3000;
export const reportEveryMs = 1000;

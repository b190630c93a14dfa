/**
 * A fault and its undo. `strike` resolves when the fault is in effect. `undo` resolves when the struck containers are
 * recovering. It changes nothing when it is repeated or when the fault is not in effect.
 */
export type Fault = { name: string; strike(): Promise<void>; undo(): Promise<void> };

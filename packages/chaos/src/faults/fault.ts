/**
 * A way to do damage, and its undo. `strike` resolves when the damage is done; `undo` resolves when what was struck
 * is on its way back, and is harmless when repeated or when nothing was struck.
 */
export type Fault = { name: string; strike(): Promise<void>; undo(): Promise<void> };

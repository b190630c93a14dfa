/** What this browser stores for this edge. Where the browser allows no storage, the shop works without it. */

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The storage is full, or forbidden.
  }
}

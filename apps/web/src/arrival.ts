/** How the browser came to this document. Safari before 15 does not say. */
const [arrival] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];

/**
 * Whether the browser will scroll as soon as the first page is drawn: after a reload, after a step back or forward
 * through the history, and to the part that the address names after `#`.
 */
export const scrollsAtOnce = (arrival !== undefined && arrival.type !== 'navigate') || location.hash !== '';

/**
 * Whether Chromium dropped a request because a container that stops or starts takes a network interface of this machine
 * with it. The page sends the request again.
 */
export const isNetworkChange = (error: string) => error.includes('net::ERR_NETWORK_CHANGED');

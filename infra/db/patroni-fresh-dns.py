#!/usr/bin/python3
"""Patroni, except that it asks the DNS whenever it connects, and soon gives up on an address that swallows packets.

Patroni keeps addresses for ten minutes, which fits machines. A container that is started again may have another address
(its vote is then missing in the next election), and that of a dead one swallows packets: an election that asks it waits
for 2 s, where its name would fail at once.

For a moment the name of a dead container still has its address. A node that asks it then, and loses the election,
would follow the winner 2 s late, and until a replica follows no write is acknowledged. The kernel of a living node
answers within a millisecond, however busy it is.
"""
from patroni.__main__ import main
from patroni.dcs.etcd import DnsCachingResolver
from patroni.request import PatroniRequest
from urllib3 import Timeout

DnsCachingResolver.resolve = lambda self, host, port: self._do_resolve(host, port)

CONNECT_TIMEOUT_S = 0.3
request = PatroniRequest.request


def request_impatiently(self, method, url, body=None, timeout=None, **kwargs):
    return request(self, method, url, body, timeout=Timeout(connect=CONNECT_TIMEOUT_S, read=timeout), **kwargs)


PatroniRequest.request = request_impatiently

# Patroni starts Postgres from a second Python, which imports this file too.
if __name__ == '__main__':
    main()

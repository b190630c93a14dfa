#!/usr/bin/python3
"""Patroni with two changes: it resolves a name at each connection, and it waits only 0.3 s for a connection.

Patroni caches addresses for ten minutes, which suits machines. A container that starts again may have a new address:
with the cached one its vote is missing in the next election. Packets to the address of a dead container get no answer,
so an election waits 2 s for it; the name of a dead container fails at once.

For a moment the name of a dead container still resolves. A node that connects then, and loses the election, would
follow the winner 2 s late, and no write is acknowledged until a replica follows. The kernel of a running node accepts
a connection within a millisecond, even on a busy machine.
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

# Patroni starts Postgres from a second Python process, which also imports this file.
if __name__ == '__main__':
    main()

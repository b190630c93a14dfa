-- Roles and databases, and the rights of the programs. The migrations create the tables.

CREATE ROLE shop_migrator LOGIN PASSWORD :'migrator_password';
CREATE ROLE shop_app LOGIN PASSWORD :'app_password';
CREATE ROLE payments_app LOGIN PASSWORD :'payments_password';
CREATE ROLE monitor LOGIN PASSWORD :'monitor_password' IN ROLE pg_monitor;

-- The role has these settings, because PgBouncer refuses them as start-up parameters. A client that dies inside a
-- transaction holds its locks for at most 2 s. There is no statement_timeout: it could cancel a COMMIT that waits for
-- its replica, and Postgres reports such a COMMIT as a success.
ALTER ROLE shop_app SET idle_in_transaction_session_timeout = '2s';
ALTER ROLE shop_app SET lock_timeout = '5s';
ALTER ROLE payments_app SET idle_in_transaction_session_timeout = '2s';
ALTER ROLE payments_app SET lock_timeout = '5s';

CREATE DATABASE shop OWNER shop_migrator;
CREATE DATABASE payments OWNER shop_migrator;
REVOKE CONNECT, TEMPORARY ON DATABASE shop, payments FROM PUBLIC;
GRANT CONNECT ON DATABASE shop TO shop_app, monitor;
GRANT CONNECT ON DATABASE payments TO payments_app, monitor;

\connect shop
CREATE EXTENSION pg_stat_statements;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_migrator IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO shop_app;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_migrator IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO shop_app;

\connect payments
ALTER DEFAULT PRIVILEGES FOR ROLE shop_migrator IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO payments_app;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_migrator IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO payments_app;

#!/usr/bin/env bash
# Makes the role that web and workers connect as, on a PostgreSQL server whose superuser is $POSTGRES_USER. What it may do
# with each table is granted by `manage.py migrate` with DOCSTORE_DATABASE_ROLE set. Run again, it sets the password anew.
set -euo pipefail
: "${POSTGRES_APP_PASSWORD:?a password for the application role}"
psql --quiet --set ON_ERROR_STOP=1 --set password="$POSTGRES_APP_PASSWORD" --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-docstore}" <<'SQL'
SELECT 'CREATE ROLE docstore_app' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'docstore_app') \gexec
ALTER ROLE docstore_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL

-- Rights of the runtime role, given again after each migration (scripts/migrate.ts puts the role's
-- name in place of :runtime). It owns nothing, and what is append-only it may only read and extend.
GRANT USAGE ON SCHEMA public TO :runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :runtime;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :runtime;

REVOKE ALL ON "_prisma_migrations" FROM :runtime;
REVOKE UPDATE, DELETE ON "audit_event", "audit_seal", "usage_record" FROM :runtime;
-- Erasable, never rewritten.
REVOKE UPDATE ON "audit_personal", "audit_unsealed" FROM :runtime;

-- pg-boss: jobs are sent, fetched and completed by the runtime role; its schema is the owner's.
GRANT USAGE ON SCHEMA pgboss TO :runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgboss TO :runtime;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA pgboss TO :runtime;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pgboss TO :runtime;
-- Without its one row no worker starts again, and no migration brings it back.
REVOKE INSERT, DELETE ON pgboss.version FROM :runtime;

-- Operators look for people among any number of them.

-- CreateIndex
CREATE INDEX "user_created_at_id_idx" ON "user"("created_at", "id");

-- CreateIndex
CREATE INDEX "user_name_idx" ON "user" USING GIN ("name" gin_trgm_ops);

-- What Prisma's schema language cannot say.

-- The list's filters, each in its order. The first also counts the operators who are left.
CREATE INDEX "user_staff_idx" ON "user"("created_at", "id") WHERE "provider_role" IS NOT NULL;
CREATE INDEX "user_disabled_idx" ON "user"("created_at", "id")
    WHERE "disabled_at" IS NOT NULL AND "closed_at" IS NULL;
CREATE INDEX "user_closed_idx" ON "user"("created_at", "id") WHERE "closed_at" IS NOT NULL;

-- What the log tells of one user, newest first.
CREATE INDEX "audit_event_user_idx" ON "audit_event"("resource_id", "occurred_at", "id")
    WHERE "resource_type" = 'user';

-- A part of a name, of a document or of an address is searched for among any number of accounts.
-- A trusted extension: who owns the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateIndex
CREATE INDEX "account_submitted_at_id_idx" ON "account"("submitted_at", "id");

-- CreateIndex
CREATE INDEX "account_name_idx" ON "account" USING GIN ("name" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "account_document_idx" ON "account" USING GIN ("document" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "user_email_idx" ON "user" USING GIN ("email" gin_trgm_ops);

-- What Prisma's schema language cannot say.

-- An account's live buckets, newest first, however many it has deleted.
CREATE INDEX "bucket_live_created_at_idx" ON "bucket" ("account_id", "created_at", "id")
  WHERE "deleted_at" IS NULL;

-- As before, and it finds how a name begins in a database of any collation.
DROP INDEX "bucket_name_live_key";
CREATE UNIQUE INDEX "bucket_name_live_key" ON "bucket" ("account_id", "name" text_pattern_ops)
  WHERE "deleted_at" IS NULL;

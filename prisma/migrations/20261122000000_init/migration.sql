-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "provider_role" AS ENUM ('operator', 'support', 'auditor');

-- CreateEnum
CREATE TYPE "account_state" AS ENUM ('pending', 'approved', 'active', 'suspended', 'closing', 'closed', 'rejected');

-- CreateEnum
CREATE TYPE "rejection_cause" AS ENUM ('document_taken', 'document_unverified', 'information_incomplete', 'not_eligible', 'other');

-- CreateEnum
CREATE TYPE "member_role" AS ENUM ('owner', 'admin', 'billing', 'developer', 'auditor');

-- CreateEnum
CREATE TYPE "quota_resource" AS ENUM ('storage_bytes', 'buckets', 'access_keys', 'members');

-- CreateEnum
CREATE TYPE "bucket_state" AS ENUM ('provisioning', 'active', 'deleting', 'failed');

-- CreateEnum
CREATE TYPE "access_key_state" AS ENUM ('provisioning', 'active', 'inactive', 'revoking', 'revoked', 'failed');

-- CreateEnum
CREATE TYPE "access_key_permission" AS ENUM ('read', 'read_write');

-- CreateEnum
CREATE TYPE "usage_metric" AS ENUM ('stored_bytes', 'objects', 'requests_read', 'requests_write', 'egress_bytes', 'ingress_bytes');

-- CreateEnum
CREATE TYPE "usage_source" AS ENUM ('engine');

-- CreateEnum
CREATE TYPE "audit_outcome" AS ENUM ('succeeded', 'refused', 'failed');

-- CreateEnum
CREATE TYPE "actor_kind" AS ENUM ('anonymous', 'user', 'system');

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "locale" TEXT NOT NULL,
    "provider_role" "provider_role",
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_up" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "account_name" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "token_hash" BYTEA,
    "token_expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_up_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "setup_token" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "setup_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "state" "account_state" NOT NULL DEFAULT 'pending',
    "rejection_cause" "rejection_cause",
    "rejection_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "approved_at" TIMESTAMPTZ(3),
    "rejected_at" TIMESTAMPTZ(3),
    "activated_at" TIMESTAMPTZ(3),
    "management_access_key_id" TEXT,
    "management_secret_encrypted" TEXT,
    "provisioning_error" TEXT,
    "provisioning_error_at" TIMESTAMPTZ(3),

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "member_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quota" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "resource" "quota_resource" NOT NULL,
    "limit_value" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quota_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bucket" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "state" "bucket_state" NOT NULL DEFAULT 'provisioning',
    "last_error" TEXT,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "bucket_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_key" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "access_key_id" TEXT NOT NULL,
    "permission" "access_key_permission" NOT NULL,
    "all_buckets" BOOLEAN NOT NULL,
    "state" "access_key_state" NOT NULL DEFAULT 'provisioning',
    "request_id" UUID NOT NULL,
    "last_error" TEXT,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_key_bucket" (
    "access_key_id" UUID NOT NULL,
    "bucket_id" UUID NOT NULL,

    CONSTRAINT "access_key_bucket_pkey" PRIMARY KEY ("access_key_id","bucket_id")
);

-- CreateTable
CREATE TABLE "usage_record" (
    "id" BIGSERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "bucket" TEXT NOT NULL,
    "metric" "usage_metric" NOT NULL,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "source" "usage_source" NOT NULL,
    "revision" INTEGER NOT NULL,
    "quantity" BIGINT NOT NULL,
    "measured_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_collection" (
    "account_id" UUID NOT NULL,
    "measured_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "usage_collection_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" UUID NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "account_id" UUID,
    "actor_kind" "actor_kind" NOT NULL,
    "actor_id" TEXT,
    "action" TEXT NOT NULL,
    "resource_type" TEXT,
    "resource_id" TEXT,
    "outcome" "audit_outcome" NOT NULL,
    "code" TEXT,
    "request_id" TEXT,
    "details" JSONB NOT NULL,
    "personal_hash" TEXT,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_personal" (
    "event_id" UUID NOT NULL,
    "salt" BYTEA NOT NULL,
    "values" JSONB NOT NULL,

    CONSTRAINT "audit_personal_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "audit_unsealed" (
    "event_id" UUID NOT NULL,
    "chain" TEXT NOT NULL,

    CONSTRAINT "audit_unsealed_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "audit_seal" (
    "chain" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "event_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_seal_pkey" PRIMARY KEY ("chain","sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sign_up_token_hash_key" ON "sign_up"("token_hash");

-- CreateIndex
CREATE INDEX "sign_up_email_idx" ON "sign_up"("email");

-- CreateIndex
CREATE INDEX "sign_up_created_at_idx" ON "sign_up"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "setup_token_token_hash_key" ON "setup_token"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "account_slug_key" ON "account"("slug");

-- CreateIndex
CREATE INDEX "account_state_submitted_at_id_idx" ON "account"("state", "submitted_at", "id");

-- CreateIndex
CREATE INDEX "member_user_id_idx" ON "member"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "member_account_id_user_id_key" ON "member"("account_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "quota_account_id_resource_key" ON "quota"("account_id", "resource");

-- CreateIndex
CREATE INDEX "bucket_account_id_name_idx" ON "bucket"("account_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "access_key_access_key_id_key" ON "access_key"("access_key_id");

-- CreateIndex
CREATE INDEX "access_key_account_id_created_at_id_idx" ON "access_key"("account_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "access_key_account_id_request_id_key" ON "access_key"("account_id", "request_id");

-- CreateIndex
CREATE INDEX "access_key_bucket_bucket_id_idx" ON "access_key_bucket"("bucket_id");

-- CreateIndex
CREATE INDEX "usage_record_account_id_metric_hour_idx" ON "usage_record"("account_id", "metric", "hour");

-- CreateIndex
CREATE UNIQUE INDEX "usage_record_account_id_bucket_metric_hour_source_revision_key" ON "usage_record"("account_id", "bucket", "metric", "hour", "source", "revision");

-- CreateIndex
CREATE INDEX "audit_event_account_id_occurred_at_id_idx" ON "audit_event"("account_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "audit_unsealed_chain_event_id_idx" ON "audit_unsealed"("chain", "event_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_seal_event_id_key" ON "audit_seal"("event_id");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quota" ADD CONSTRAINT "quota_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bucket" ADD CONSTRAINT "bucket_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bucket" ADD CONSTRAINT "bucket_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key" ADD CONSTRAINT "access_key_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key" ADD CONSTRAINT "access_key_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key_bucket" ADD CONSTRAINT "access_key_bucket_access_key_id_fkey" FOREIGN KEY ("access_key_id") REFERENCES "access_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key_bucket" ADD CONSTRAINT "access_key_bucket_bucket_id_fkey" FOREIGN KEY ("bucket_id") REFERENCES "bucket"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_record" ADD CONSTRAINT "usage_record_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_collection" ADD CONSTRAINT "usage_collection_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What Prisma's schema language cannot say.

-- A document belongs to one live account; a rejected or closed one lets go of it.
CREATE UNIQUE INDEX "account_document_live_key" ON "account" ("document")
  WHERE "state" NOT IN ('rejected', 'closed');

-- The name of a deleted bucket is free again.
CREATE UNIQUE INDEX "bucket_name_live_key" ON "bucket" ("account_id", "name")
  WHERE "deleted_at" IS NULL;

-- Audit events, their seals and usage records are append-only. Grants say the same
-- (prisma/grants.sql); the trigger also stops a role that was granted too much.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER "audit_event_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "audit_seal_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_seal"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "usage_record_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "usage_record"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

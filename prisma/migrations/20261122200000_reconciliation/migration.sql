-- What was made or changed at the engine behind the console's back, and tenants that were there before it.
-- CreateEnum
CREATE TYPE "finding_kind" AS ENUM ('bucket_only_at_engine', 'bucket_missing_at_engine', 'bucket_owner_differs', 'key_only_at_engine', 'key_missing_at_engine', 'key_state_differs', 'key_grant_differs', 'key_ids_differ', 'quota_differs', 'owner_changed', 'owner_key_only_at_engine', 'tenant_missing_at_engine');

-- CreateEnum
CREATE TYPE "finding_state" AS ENUM ('open', 'adopting', 'undoing', 'closed');

-- CreateEnum
CREATE TYPE "finding_outcome" AS ENUM ('adopted', 'undone', 'disappeared');

-- AlterTable
ALTER TABLE "access_key" ADD COLUMN     "engine_user" TEXT;

-- AlterTable
ALTER TABLE "account" ADD COLUMN     "engine_tenant" TEXT;

-- CreateTable
CREATE TABLE "finding" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "kind" "finding_kind" NOT NULL,
    "resource" TEXT NOT NULL,
    "sides" JSONB NOT NULL,
    "state" "finding_state" NOT NULL DEFAULT 'open',
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "decision" JSONB,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "outcome" "finding_outcome",
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reconciliation_check" (
    "account_id" UUID NOT NULL,
    "checked_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "reconciliation_check_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "reconciliation_run" (
    "id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "progressed_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "last_account_id" UUID,
    "accounts" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,

    CONSTRAINT "reconciliation_run_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "finding_account_id_first_seen_at_id_idx" ON "finding"("account_id", "first_seen_at", "id");

-- CreateIndex
CREATE INDEX "finding_first_seen_at_id_idx" ON "finding"("first_seen_at", "id");

-- CreateIndex
CREATE INDEX "reconciliation_run_started_at_idx" ON "reconciliation_run"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "account_engine_tenant_key" ON "account"("engine_tenant");

-- AddForeignKey
ALTER TABLE "finding" ADD CONSTRAINT "finding_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finding" ADD CONSTRAINT "finding_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliation_check" ADD CONSTRAINT "reconciliation_check_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

-- A difference is one finding for as long as it lasts, however many look at once.
CREATE UNIQUE INDEX "finding_live_key" ON "finding" ("account_id", "kind", "resource")
  WHERE "state" <> 'closed';

-- The lists begin with what is not closed, however much was in the past.
CREATE INDEX "finding_live_first_seen_at_idx" ON "finding" ("first_seen_at", "id")
  WHERE "state" <> 'closed';

-- A user at the engine is one key. A revoked key lets go of it: somebody may have made it again.
CREATE UNIQUE INDEX "access_key_engine_user_live_key" ON "access_key" ("account_id", "engine_user")
  WHERE "state" <> 'revoked';

-- CreateEnum
CREATE TYPE "emptying_state" AS ENUM ('queued', 'running', 'stopping', 'stopped', 'finished', 'failed');

-- CreateEnum
CREATE TYPE "survey_state" AS ENUM ('queued', 'running', 'finished', 'partial', 'failed');

-- CreateEnum
CREATE TYPE "rotation_state" AS ENUM ('running', 'finished', 'undone');

-- AlterEnum
ALTER TYPE "access_key_state" ADD VALUE 'deactivating';
ALTER TYPE "access_key_state" ADD VALUE 'reactivating';

-- AlterTable
ALTER TABLE "account" ADD COLUMN     "object_access_key_id" TEXT,
ADD COLUMN     "object_key_ready_at" TIMESTAMPTZ(3),
ADD COLUMN     "object_secret_encrypted" TEXT;

-- AlterTable
ALTER TABLE "bucket" ADD COLUMN     "settings_busy_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "bucket_emptying" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "bucket_id" UUID NOT NULL,
    "state" "emptying_state" NOT NULL DEFAULT 'queued',
    "deletes_bucket" BOOLEAN NOT NULL,
    "expected_versions" BIGINT,
    "expected_bytes" BIGINT,
    "removed_versions" BIGINT NOT NULL DEFAULT 0,
    "removed_markers" BIGINT NOT NULL DEFAULT 0,
    "removed_uploads" BIGINT NOT NULL DEFAULT 0,
    "removed_bytes" BIGINT NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "started_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "progress_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "bucket_emptying_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bucket_survey" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "bucket_id" UUID NOT NULL,
    "state" "survey_state" NOT NULL DEFAULT 'queued',
    "rule" JSONB,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "position" JSONB,
    "last_error" TEXT,
    "requested_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "bucket_survey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_key_policy" (
    "id" UUID NOT NULL,
    "account_id" UUID,
    "max_age_days" INTEGER NOT NULL,
    "updated_by_id" UUID,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "access_key_policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_key_rotation" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "old_key_id" UUID NOT NULL,
    "new_key_id" UUID NOT NULL,
    "state" "rotation_state" NOT NULL DEFAULT 'running',
    "until" TIMESTAMPTZ(3) NOT NULL,
    "warned_at" TIMESTAMPTZ(3),
    "started_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_key_rotation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "bucket_emptying_bucket_id_created_at_idx" ON "bucket_emptying"("bucket_id", "created_at");

-- CreateIndex
CREATE INDEX "bucket_survey_bucket_id_created_at_idx" ON "bucket_survey"("bucket_id", "created_at");

-- CreateIndex
CREATE INDEX "bucket_survey_account_id_created_at_idx" ON "bucket_survey"("account_id", "created_at");

-- CreateIndex
CREATE INDEX "access_key_name_idx" ON "access_key" USING GIN ("name" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "access_key_policy_account_id_key" ON "access_key_policy"("account_id");

-- CreateIndex
CREATE INDEX "access_key_rotation_old_key_id_idx" ON "access_key_rotation"("old_key_id");

-- CreateIndex
CREATE INDEX "access_key_rotation_new_key_id_idx" ON "access_key_rotation"("new_key_id");

-- CreateIndex
CREATE INDEX "access_key_rotation_account_id_created_at_idx" ON "access_key_rotation"("account_id", "created_at");

-- AddForeignKey
ALTER TABLE "bucket_emptying" ADD CONSTRAINT "bucket_emptying_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bucket_emptying" ADD CONSTRAINT "bucket_emptying_bucket_id_fkey" FOREIGN KEY ("bucket_id") REFERENCES "bucket"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bucket_emptying" ADD CONSTRAINT "bucket_emptying_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bucket_survey" ADD CONSTRAINT "bucket_survey_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bucket_survey" ADD CONSTRAINT "bucket_survey_bucket_id_fkey" FOREIGN KEY ("bucket_id") REFERENCES "bucket"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bucket_survey" ADD CONSTRAINT "bucket_survey_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key_policy" ADD CONSTRAINT "access_key_policy_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key_policy" ADD CONSTRAINT "access_key_policy_updated_by_id_fkey" FOREIGN KEY ("updated_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key_rotation" ADD CONSTRAINT "access_key_rotation_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key_rotation" ADD CONSTRAINT "access_key_rotation_old_key_id_fkey" FOREIGN KEY ("old_key_id") REFERENCES "access_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key_rotation" ADD CONSTRAINT "access_key_rotation_new_key_id_fkey" FOREIGN KEY ("new_key_id") REFERENCES "access_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_key_rotation" ADD CONSTRAINT "access_key_rotation_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;


-- What Prisma cannot say.

-- A bucket is emptied by one job at a time.
CREATE UNIQUE INDEX "bucket_emptying_one_at_a_time" ON "bucket_emptying"("bucket_id")
  WHERE "state" IN ('queued', 'running', 'stopping');

-- One row for all accounts.
CREATE UNIQUE INDEX "access_key_policy_of_all" ON "access_key_policy"((true)) WHERE "account_id" IS NULL;
ALTER TABLE "access_key_policy" ADD CONSTRAINT "access_key_policy_max_age_days_check"
  CHECK ("max_age_days" BETWEEN 1 AND 3650);
-- The keys of an account that could be used, of which there are as many as its quota allows; revoked ones add up.
CREATE INDEX "access_key_standing" ON "access_key"("account_id", "created_at", "id")
  WHERE "state" NOT IN ('revoked', 'failed');
-- How an id begins, in a database of any collation.
CREATE INDEX "access_key_id_prefix" ON "access_key"("access_key_id" text_pattern_ops) WHERE "state" <> 'failed';

-- A key is replaced once at a time, and a key that replaces another is of that rotation alone while it runs.
CREATE UNIQUE INDEX "access_key_rotation_old_key_running" ON "access_key_rotation"("old_key_id")
  WHERE "state" = 'running';
CREATE UNIQUE INDEX "access_key_rotation_new_key_running" ON "access_key_rotation"("new_key_id")
  WHERE "state" = 'running';
-- What the clock looks for.
CREATE INDEX "access_key_rotation_until" ON "access_key_rotation"("until") WHERE "state" = 'running';

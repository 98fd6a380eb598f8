-- CreateTable
CREATE TABLE "expiry_warning" (
    "access_key_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "days_before" INTEGER NOT NULL,

    CONSTRAINT "expiry_warning_pkey" PRIMARY KEY ("access_key_id","expires_at","days_before")
);

-- CreateIndex
CREATE INDEX "access_key_expires_at_idx" ON "access_key"("expires_at");

-- CreateIndex
CREATE INDEX "notification_user_id_kind_created_at_id_idx" ON "notification"("user_id", "kind", "created_at", "id");

-- AddForeignKey
ALTER TABLE "expiry_warning" ADD CONSTRAINT "expiry_warning_access_key_id_fkey" FOREIGN KEY ("access_key_id") REFERENCES "access_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: what Prisma cannot say.

-- The unread ones as lists, too, and not only as a count.
DROP INDEX "notification_unread_idx";
CREATE INDEX "notification_unread_idx" ON "notification"("user_id", "kind", "created_at", "id") WHERE "read_at" IS NULL;

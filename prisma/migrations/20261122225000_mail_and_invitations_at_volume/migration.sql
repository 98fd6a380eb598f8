-- Operators look for one kind of mail among any number of others.

-- CreateIndex
CREATE INDEX "email_message_created_at_id_idx" ON "email"("message", "created_at", "id");

-- What Prisma's schema language cannot say.

-- Invitations to the staff in the order of their list: an index that begins with the account's id, which they have
-- none of, is no order to PostgreSQL.
CREATE INDEX "invitation_staff_idx" ON "invitation"("created_at", "id")
    WHERE "account_id" IS NULL AND "state" = 'pending';

-- AlterEnum
ALTER TYPE "link_purpose" ADD VALUE 'invitation_copy' BEFORE 'operator_recovery';

-- CreateIndex
CREATE INDEX "member_account_id_created_at_id_idx" ON "member"("account_id", "created_at", "id");

-- CreateTable
CREATE TABLE "used_state" (
    "state_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "used_state_pkey" PRIMARY KEY ("state_hash")
);

-- CreateIndex
CREATE INDEX "used_state_expires_at_idx" ON "used_state"("expires_at");

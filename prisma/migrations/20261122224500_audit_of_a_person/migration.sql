-- What somebody did, for the copy of their data and for forgetting them …
CREATE INDEX "audit_event_actor_idx" ON "audit_event"("actor_id", "id") WHERE "actor_kind" = 'user';
-- … and what names their address in what others did.
CREATE INDEX "audit_personal_email_idx" ON "audit_personal"(("values" ->> 'email')) WHERE "values" ? 'email';

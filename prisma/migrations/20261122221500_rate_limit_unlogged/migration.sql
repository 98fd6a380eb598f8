-- Counts of attempts: many write the same row at once, and each would wait for the disk while it holds it. After a
-- crash they begin anew, which is harmless.
ALTER TABLE "rate_limit" SET UNLOGGED;

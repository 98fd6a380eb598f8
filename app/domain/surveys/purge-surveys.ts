import { db } from "#app/ports/db.server.ts";

/** Of each bucket, the latest so many … */
const keptOfBucket = 10;
/** … and of those, none that is older. */
const keptDays = 90;

/** Removes old surveys: what a bucket held then is in nobody's way any more, and says something about its owner. */
export async function purgeSurveys(): Promise<void> {
  await db.$executeRaw`
    DELETE FROM bucket_survey s
    USING (
      SELECT id, row_number() OVER (PARTITION BY bucket_id ORDER BY created_at DESC, id DESC) AS place
      FROM bucket_survey WHERE state NOT IN ('queued', 'running')
    ) ended
    WHERE s.id = ended.id
      AND (ended.place > ${keptOfBucket} OR s.created_at < now() - make_interval(days => ${keptDays}))`;
}

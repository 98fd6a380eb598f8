import { storage } from "#app/ports/storage/storage.server.ts";
import { engineCommand } from "../engine-command.ts";
import {
  beforeChanging,
  leaseBucket,
  page,
  requireCapability,
  requireUnchanged,
  whileLeased,
} from "./change-settings.ts";
import { setTagsInput } from "./schema.ts";

/**
 * Replaces all tags of a bucket; none removes them. Answers what the engine then says.
 *
 * Throws `settings-changed` where they are no longer those that the form showed, `conflict` while somebody else
 * changes the bucket's settings.
 */
export const setTags = engineCommand({
  action: "buckets:set-tags",
  input: setTagsInput,

  begin: ({ tx, input, context }) => leaseBucket(tx, context, input.bucketId),

  act: ({ input: { tags, fingerprint }, begun: bucket }) =>
    whileLeased(bucket, async (at) => {
      await requireCapability((engine) => engine.bucketTags);
      requireUnchanged(await beforeChanging(storage.getBucketTags(at, page)), fingerprint);
      await storage.setBucketTags({ ...at, tags }, page);
      return storage.getBucketTags(at, page);
    }),

  // The keys alone: what a tag says may be anything.
  audit: ({ input: { tags }, begun: { id, name } }) => ({
    resourceType: "bucket",
    resourceId: id,
    details: { name, tags: tags.map(({ key }) => key) },
  }),
});

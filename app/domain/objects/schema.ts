import { z } from "zod";
import { objectKeyInput } from "./object-name.ts";
import { shareHours } from "./share-hours.ts";

/** As the engine gave it; `null` is the version from before versioning. */
const versionId = z.string().min(1).max(1024);

/** An object of a bucket, or one version of it. */
export const objectInput = z.object({
  bucketId: z.uuid(),
  key: objectKeyInput,
  versionId: versionId.optional(),
});

/** As many as a page of the list shows. */
const mostAtOnce = 100;

export const deleteObjectsInput = z.object({
  bucketId: z.uuid(),
  objects: z
    .array(objectInput.pick({ key: true, versionId: true }))
    .min(1, "chooseAnObject")
    .max(mostAtOnce),
});

export const restoreObjectInput = objectInput.required({ versionId: true });

/** What the form asks for; the object is in its address. */
export const shareForm = z.object({
  hours: z.enum(shareHours.map(String) as [string, ...string[]], "chooseOne").transform(Number),
});

export const shareObjectInput = objectInput.extend(shareForm.shape);

export const endSharingInput = z.object({});

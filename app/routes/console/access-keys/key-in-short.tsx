import { useTranslation } from "react-i18next";
import type { AccessKeyListed } from "#app/domain/access-keys/read-access-keys.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { BucketScope } from "./bucket-scope.tsx";

export interface ShortKey {
  name: string;
  accessKeyId: string;
  permission: AccessKeyListed["permission"];
  allBuckets: boolean;
  /** Names. */
  buckets: string[];
}

/** What a page asks for confirmation with. */
export function keyInShort(key: Omit<ShortKey, "buckets"> & { buckets: { name: string }[] }): ShortKey {
  const { name, accessKeyId, permission, allBuckets, buckets } = key;
  return { name, accessKeyId, permission, allBuckets, buckets: buckets.map((bucket) => bucket.name) };
}

/** Which key this is about: what a person needs to see before they say yes. */
export function KeyInShort({ accessKey }: { accessKey: ShortKey }) {
  const { t } = useTranslation();
  const { accessKeyId, permission, ...scope } = accessKey;
  return (
    <DescriptionList
      items={[
        { term: t("accessKeys.accessKeyId"), details: <code className="break-all">{accessKeyId}</code> },
        { term: t("accessKeys.permission"), details: t(`accessKeys.permissions.${permission}`) },
        { term: t("accessKeys.scope"), details: <BucketScope {...scope} /> },
      ]}
    />
  );
}

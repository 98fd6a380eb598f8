import type { TFunction } from "i18next";
import { href } from "react-router";
import type { Breadcrumb } from "#app/ui/layout/page-header.tsx";

/** The way to a page about the rotation of a key. */
export function rotationBreadcrumbs(
  t: TFunction,
  params: { account: string; key: string },
  name: string,
): Breadcrumb[] {
  return [
    { label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) },
    { label: name, to: href("/accounts/:account/access-keys/:key", params) },
    { label: t("rotations.crumb"), to: href("/accounts/:account/access-keys/:key/rotation", params) },
  ];
}

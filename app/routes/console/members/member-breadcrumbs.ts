import type { TFunction } from "i18next";
import { href } from "react-router";
import type { Breadcrumb } from "#app/ui/layout/page-header.tsx";

/** The way to a page about one member. */
export function memberBreadcrumbs(
  t: TFunction,
  params: { account: string; member: string },
  name: string,
): Breadcrumb[] {
  return [
    { label: t("members.title"), to: href("/accounts/:account/members", params) },
    { label: name, to: href("/accounts/:account/members/:member", params) },
  ];
}

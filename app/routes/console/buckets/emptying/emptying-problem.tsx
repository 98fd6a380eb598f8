import { useTranslation } from "react-i18next";
import type { EmptyingProblem } from "#app/domain/emptying/states.ts";

/** What stood in the way of an emptying, in words. */
export function EmptyingProblemText({ problem: { code, refused } }: { problem: EmptyingProblem }) {
  const { t } = useTranslation();
  switch (code) {
    case "unavailable":
      return t("emptying.problems.unavailable");
    case "denied":
      return t("emptying.problems.denied");
    case "objects-refused":
      return t("emptying.problems.objects-refused", {
        count: refused?.count ?? 0,
        code: refused?.engineCode ?? "",
      });
    case "never-empty":
      return t("emptying.problems.never-empty");
    case "internal":
      return t("emptying.problems.internal");
    default:
      return t("emptying.problems.other");
  }
}

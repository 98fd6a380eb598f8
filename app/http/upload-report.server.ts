import type { RouterContextProvider } from "react-router";
import { type DomainError, InvalidInput } from "#app/domain/errors.ts";
import type { UploadReport } from "#app/domain/uploads/upload-files.ts";
import type { UploadReportShown } from "#app/ui/uploads/upload-failures.tsx";
import { statusOf } from "./errors.server.ts";
import { wordsOf } from "./forms.server.ts";
import { translator } from "./i18n.server.ts";

type Context = Readonly<RouterContextProvider>;

/** What became of each file, in the reader's language. */
export function shownReport({ outcomes, isComplete }: UploadReport, context: Context): UploadReportShown {
  return {
    failed: outcomes.flatMap(({ key, refusal }) =>
      refusal ? [{ key, reason: reasonOf(refusal, context) }] : [],
    ),
    stored: outcomes.flatMap(({ key, refusal }) => (refusal ? [] : [key])),
    isComplete,
  };
}

function reasonOf(refusal: DomainError, context: Context): string {
  const t = translator(context);
  if (refusal instanceof InvalidInput) return refusal.issues.map((issue) => wordsOf(issue, t)).join(" ");
  return t(`errors.${refusal.code}`, refusal.params);
}

/** The status of an answer that says that not all was stored: of the first refusal. */
export function statusOfReport({ outcomes }: UploadReport, context: Context): number {
  const refusal = outcomes.find((outcome) => outcome.refusal)?.refusal;
  return refusal ? statusOf(refusal, context) : 400;
}

/** What the console answers where it refuses: a problem document (RFC 9457), in the reader's language. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, title: string) {
    super(title);
    this.status = status;
    this.code = code;
  }
}

/** An upload as the engine knows it. */
export interface OpenUpload {
  key: string;
  uploadId: string;
}

/** The console's part in uploads that it does not see: it begins, signs and completes them (routes/api/uploads*). */
export interface UploadApi {
  begin(
    file: { key: string; sizeBytes: number; contentType: string; keepExisting: boolean },
    signal: AbortSignal,
  ): Promise<{ uploadId: string; partSizeBytes: number }>;
  sign(upload: OpenUpload, partNumbers: number[], signal: AbortSignal): Promise<Map<number, string>>;
  /** Sizes by part number. */
  parts(upload: OpenUpload, signal: AbortSignal): Promise<Map<number, number>>;
  complete(
    upload: OpenUpload & { sizeBytes: number; keepExisting: boolean },
    signal: AbortSignal,
  ): Promise<void>;
  abort(upload: OpenUpload): Promise<void>;
}

/** @param path of the bucket's uploads, below /api */
export function uploadApi(path: string): UploadApi {
  async function post<Answer>(below: string, body: object, signal?: AbortSignal): Promise<Answer> {
    const response = await fetch(path + below, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (!response.ok) throw problemOf(response, answer);
    return answer as Answer;
  }

  return {
    begin: (file, signal) => post("", file, signal),
    async sign({ key, uploadId }, partNumbers, signal) {
      const answer = await post<{ urls: { partNumber: number; url: string }[] }>(
        "/parts",
        { key, uploadId, partNumbers },
        signal,
      );
      return new Map(answer.urls.map(({ partNumber, url }) => [partNumber, url]));
    },
    async parts({ key, uploadId }, signal) {
      const answer = await post<{ parts: { partNumber: number; sizeBytes: string }[] }>(
        "/status",
        { key, uploadId },
        signal,
      );
      return new Map(answer.parts.map(({ partNumber, sizeBytes }) => [partNumber, Number(sizeBytes)]));
    },
    complete: ({ key, uploadId, sizeBytes, keepExisting }, signal) =>
      post("/completion", { key, uploadId, sizeBytes, keepExisting }, signal),
    abort: ({ key, uploadId }) => post("/abortion", { key, uploadId }),
  };
}

interface ProblemDocument {
  code?: string;
  title?: string;
  errors?: { message: string }[];
}

function problemOf(response: Response, answer: unknown): ApiProblem {
  const { code = "", title = "", errors = [] } = answer as ProblemDocument;
  return new ApiProblem(response.status, code, errors[0]?.message ?? title);
}

import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";

/** One upload of a client that never pauses. */
export interface Upload {
  accessKeyId: string;
  /** Date.now() at both ends. */
  startedAt: number;
  endedAt: number;
  /** What it was refused with; null where it was taken. */
  error: string | null;
}

export interface SteadyClient {
  uploads: Upload[];
  /** Goes on with another key, from the next upload on: as a program does that was given a new configuration. */
  use(key: AccessKeyPair): void;
  stop(): Promise<Upload[]>;
}

/** A client that uploads one object after the other, without a pause and without trying anything twice. */
export function startSteadyClient(
  to: { endpoint: string; region: string; bucket: string },
  key: AccessKeyPair,
): SteadyClient {
  const uploads: Upload[] = [];
  let current = s3With(key);
  let isStopped = false;

  function s3With(credentials: AccessKeyPair) {
    const { endpoint, region } = to;
    return {
      accessKeyId: credentials.accessKeyId,
      s3: new S3Client({
        endpoint,
        region,
        credentials,
        forcePathStyle: true,
        maxAttempts: 1,
        // Ceph does not read the trailers that are the default.
        requestChecksumCalculation: "WHEN_REQUIRED",
      }),
    };
  }

  async function run() {
    for (let n = 0; !isStopped; n++) {
      const { accessKeyId, s3 } = current;
      const startedAt = Date.now();
      const error = await s3
        .send(new PutObjectCommand({ Bucket: to.bucket, Key: `${accessKeyId}/${n % 100}`, Body: "olá" }))
        .then(
          () => null,
          (refusal: Error) => `${refusal.name}: ${refusal.message}`,
        );
      uploads.push({ accessKeyId, startedAt, endedAt: Date.now(), error });
    }
  }
  const running = run();

  return {
    uploads,
    use(next) {
      current = s3With(next);
    },
    async stop() {
      isStopped = true;
      await running;
      return uploads;
    },
  };
}

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { AccessKeyPair } from "../driver.ts";
import { StorageError } from "../errors.ts";
import { type Call, sendInTime } from "./call.ts";
import { engineOf } from "./capabilities.ts";
import type { RequestKind } from "./circuit.ts";
import { fromAnswer, fromNetwork } from "./engine-errors.ts";
import type { AllowedParameters, Engine } from "./engines.ts";
import type { EngineConfig } from "./signed-request.ts";

/** Parameters that change nothing about which operation a request is, whatever it is for. */
const HARMLESS_PARAMETERS = new Set(["continuation-token", "x-id"]);

// One pool of kept connections for all tenants; a client per call costs a fifth of a millisecond.
const agents = {
  httpAgent: new HttpAgent({ keepAlive: true }),
  httpsAgent: new HttpsAgent({ keepAlive: true }),
};

/**
 * Runs one S3 request signed with a tenant's key pair: the only way to S3, so that nothing is sent that the engine
 * would take for something else (engines.ts).
 *
 * @param key the management key for what is administration, the account's object key for what moves bytes
 * @throws StorageError for every error the SDK throws; `unsupported` (`UnknownSubresource`), with nothing sent, for
 * a parameter or method that is not listed for the engine.
 */
export async function sendS3<T>(
  config: EngineConfig,
  call: Call,
  kind: RequestKind,
  key: AccessKeyPair,
  send: (client: S3Client, options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const engine = await engineOf(config, call);
  const client = createClient(config, key);
  allowListedOnly(client, call, engine);
  return sendInTime(call, kind, async (abortSignal) => {
    try {
      return await send(client, { abortSignal });
    } catch (error) {
      throw fromSdk(call.operation, error);
    }
  });
}

/** A client of its own for each key pair; on connections that all of them share. */
export function createClient(config: Omit<EngineConfig, "adminKey">, key: AccessKeyPair): S3Client {
  return new S3Client({
    endpoint: config.endpoint,
    region: config.region,
    credentials: { ...key },
    forcePathStyle: true,
    requestHandler: agents,
    // Retrying, and for how long, is decided in one place: sendInTime.
    maxAttempts: 1,
    // Older gateways refuse the SDK's default checksums on streamed bodies.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // A bucket named like one of S3 Express would make the SDK ask for a session first.
    disableS3ExpressSessionAuth: true,
  });
}

function allowListedOnly(client: S3Client, call: Call, { parameters }: Engine): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { method, query = {} } = args.request as { method: string; query?: Record<string, unknown> };
      const allowed = "Key" in args.input ? parameters.object : parameters.bucket;
      const unknown = Object.keys(query).some(
        (name) => !HARMLESS_PARAMETERS.has(name) && !isListed(allowed, name, method),
      );
      if (unknown) {
        throw new StorageError("unsupported", {
          operation: call.operation,
          engineCode: "UnknownSubresource",
        });
      }
      return next(args);
    },
    { step: "build", name: "listedParametersOnly" },
  );
}

function isListed(allowed: AllowedParameters, name: string, method: string): boolean {
  const methods: readonly string[] = Object.hasOwn(allowed, name) ? (allowed[name] ?? []) : [];
  return methods.includes(method);
}

function fromSdk(operation: string, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const metadata = error instanceof Error && "$metadata" in error ? error.$metadata : undefined;
  const { httpStatusCode: status, requestId } = (metadata ?? {}) as S3ServiceException["$metadata"];
  if (status === undefined) return fromNetwork(operation, error);
  // Anything but a service's exception is an answer that could not be read; its name says nothing.
  const engineCode = error instanceof S3ServiceException ? error.name : undefined;
  return fromAnswer(operation, { status, engineCode, requestId });
}

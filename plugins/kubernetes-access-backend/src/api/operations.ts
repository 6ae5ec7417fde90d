import { openApiDocument } from './openapi/document';

type Paths = typeof openApiDocument.paths;
type Operations = {
  [Path in keyof Paths]: {
    [Method in keyof Paths[Path]]: Paths[Path][Method] extends {
      operationId: infer Id;
    }
      ? Id
      : never;
  }[keyof Paths[Path]];
};

/** The name of an operation of the document. */
export type OperationId = Operations[keyof Paths];

/** An operation of the document with how to tell its calls. */
export interface Operation {
  operationId: OperationId;
  method: string;
  path: string;
  pattern: RegExp;
  /** The schema of its body, as the document refers to it. */
  bodyRef?: string;
}

interface Described {
  operationId: OperationId;
  requestBody?: {
    content: { 'application/json': { schema: { $ref: string } } };
  };
}

/** Every operation of the document. */
export const operations: Operation[] = Object.entries(
  openApiDocument.paths,
).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Described>).map(
    ([method, { operationId, requestBody }]) => ({
      operationId,
      method: method.toLocaleUpperCase('en-US'),
      path,
      pattern: new RegExp(
        `^${path.replace(/\{([^}]+)\}/g, '(?<$1>[^/]+)')}/?$`,
        'i', // as Express tells paths
      ),
      bodyRef: requestBody?.content['application/json'].schema.$ref,
    }),
  ),
);

/** The operation that a call is for, and what its path names. */
export function operationOf({
  method,
  path,
}: {
  method: string;
  path: string;
}): { operation: Operation; params: Record<string, string> } | undefined {
  for (const operation of operations) {
    const match =
      operation.method === method ? operation.pattern.exec(path) : null;
    if (match) {
      return { operation, params: { ...match.groups } };
    }
  }
  return undefined;
}

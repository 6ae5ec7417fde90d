import { InputError } from '@backstage/errors';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import express from 'express';
import { operationOf } from './operations';

/** No body of this API comes near this; a larger one is not read. */
const MAX_BODY_KB = 32;

/** Reads bodies, which are JSON or nothing; says what is wrong with any other, and what is allowed. */
export function readJson(): RequestHandler[] {
  return [demandJson, tellErrors(express.json({ limit: `${MAX_BODY_KB}kb` }))];
}

function demandJson(req: Request, _res: Response, next: NextFunction): void {
  const hasBody = operationOf(req)?.operation.bodyRef !== undefined;
  next(
    hasBody && !req.is('application/json')
      ? new InputError(
          'This needs a body in JSON: send one with the header Content-Type: application/json',
        )
      : undefined,
  );
}

function tellErrors(read: RequestHandler): RequestHandler {
  return (req, res, next) =>
    read(req, res, (error?: unknown) => {
      next(error ? new InputError(whatIsWrong(error)) : undefined);
    });
}

function whatIsWrong(error: unknown): string {
  switch ((error as { type?: string }).type) {
    case 'entity.too.large':
      return `The body is too large; at most ${MAX_BODY_KB} KB are read`;
    case 'entity.parse.failed':
      return 'The body is not valid JSON; it must be one object';
    case 'encoding.unsupported':
      return 'The body has a Content-Encoding that is not read; send it plain or as gzip or deflate';
    case 'charset.unsupported':
      return 'The body has a charset that is not read; send it as UTF-8';
    default:
      return 'The body cannot be read; send one JSON object in UTF-8';
  }
}

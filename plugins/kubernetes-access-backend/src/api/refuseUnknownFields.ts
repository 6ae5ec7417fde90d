import { InputError } from '@backstage/errors';
import type { NextFunction, Request, Response } from 'express';
import { schemas } from './openapi/schemas';
import { operationOf } from './operations';

const SCHEMA_REF = '#/components/schemas/';

/**
 * Names the field that a body must not have and those that it may have. The validator refuses such a body too, but
 * keeps to itself what it is about.
 */
export function refuseUnknownFields(
  req: Request,
  _res: Response,
  next: NextFunction,
): void {
  const bodyRef = operationOf(req)?.operation.bodyRef;
  const fields = bodyRef ? fieldsOf(bodyRef) : undefined;
  // What is no object is the validator's to refuse.
  const sent = Array.isArray(req.body) ? [] : Object.keys(req.body ?? {});
  const unknown = sent.find(field => fields && !fields.includes(field));
  next(
    unknown === undefined
      ? undefined
      : new InputError(
          `Unknown field '${unknown}'; known are ${fields?.join(', ')}`,
        ),
  );
}

function fieldsOf(ref: string): string[] {
  const name = ref.slice(SCHEMA_REF.length) as keyof typeof schemas;
  return Object.keys(schemas[name].properties);
}

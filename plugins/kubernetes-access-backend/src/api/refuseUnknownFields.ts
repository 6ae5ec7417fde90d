import { InputError } from '@backstage/errors';
import type { NextFunction, Request, Response } from 'express';
import { openApiDocument } from './openapi/document';
import { schemas } from './openapi/schemas';

interface Body {
  pattern: RegExp;
  fields: string[];
}

const SCHEMA_REF = '#/components/schemas/';

/** The bodies that the document describes, with the fields that each may have. */
const BODIES: Body[] = Object.entries(openApiDocument.paths).flatMap(
  ([path, methods]) =>
    'post' in methods
      ? [
          {
            pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}/?$`),
            fields: fieldsOf(
              methods.post.requestBody.content['application/json'].schema.$ref,
            ),
          },
        ]
      : [],
);

/**
 * Names the field that a body must not have and those that it may have. The validator refuses such a body too, but
 * keeps to itself what it is about.
 */
export function refuseUnknownFields(
  req: Request,
  _res: Response,
  next: NextFunction,
): void {
  const body = BODIES.find(({ pattern }) => pattern.test(req.path));
  const unknown =
    req.method === 'POST' && body
      ? Object.keys(req.body ?? {}).find(field => !body.fields.includes(field))
      : undefined;
  next(
    unknown === undefined
      ? undefined
      : new InputError(
          `Unknown field '${unknown}'; known are ${body?.fields.join(', ')}`,
        ),
  );
}

function fieldsOf(ref: string): string[] {
  const name = ref.slice(SCHEMA_REF.length) as keyof typeof schemas;
  return Object.keys(schemas[name].properties);
}

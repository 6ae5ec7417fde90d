import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import express from 'express';
import { addCountRoutes } from './counts';
import { addDecisionRoutes } from './decisions';
import { addEndRoutes } from './ends';
import { addEntityRoutes } from './entities';
import { openApiDocument } from './openapi/document';
import { addPodRoutes } from './pods';
import { refuseUnknownFields } from './refuseUnknownFields';
import { addRequestRoutes } from './requests';
import { addSessionRoutes } from './sessions';
import type { ApiOptions } from './types';

/** No body of this API comes near this; a larger one is not read. */
const MAX_BODY = '32kb';

/**
 * Makes the router of the plugin's API.
 *
 * @param options - `validateResponses` also holds the answers against the document, for tests
 */
export function createRouter(
  options: ApiOptions & { validateResponses?: boolean },
): express.Router {
  const router = createValidatedOpenApiRouter(openApiDocument, {
    middleware: [express.json({ limit: MAX_BODY }), refuseUnknownFields],
    validatorOptions: { validateResponses: options.validateResponses ?? false },
  });
  addEntityRoutes(router, options);
  addRequestRoutes(router, options);
  addDecisionRoutes(router, options);
  addEndRoutes(router, options);
  addPodRoutes(router, options);
  addSessionRoutes(router, options);
  addCountRoutes(router, options);
  return router;
}

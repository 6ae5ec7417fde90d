import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import express from 'express';
import { answerInTime } from './answerInTime';
import { addAuditRoutes } from './audit';
import { addClusterRoutes } from './clusters';
import { addCountRoutes } from './counts';
import { addDecisionRoutes } from './decisions';
import { addEndRoutes } from './ends';
import { addEntityRoutes } from './entities';
import { hideCauses } from './hideCauses';
import { openApiDocument } from './openapi/document';
import { addPodRoutes } from './pods';
import { readJson } from './readJson';
import { recordRefusals } from './recordRefusals';
import { refuseUnknownFields } from './refuseUnknownFields';
import { addRecordingRoutes } from './recordings';
import { addRequestRoutes } from './requests';
import { addReviewRoutes } from './review';
import { addSessionRoutes } from './sessions';
import type { ApiOptions } from './types';

/**
 * Makes the router of the plugin's API.
 *
 * @param options - `validateResponses` also holds the answers against the document, for tests
 */
export function createRouter(
  options: ApiOptions & { validateResponses?: boolean },
): express.Router {
  const router = createValidatedOpenApiRouter(openApiDocument, {
    middleware: [...readJson(), refuseUnknownFields],
    validatorOptions: {
      validateResponses: options.validateResponses ?? false,
      // Who comes is callerOf's to tell: the validator only looks for a header, and calls its absence bad input.
      validateSecurity: false,
    },
  });
  addEntityRoutes(router, options);
  addRequestRoutes(router, options);
  addReviewRoutes(router, options);
  addDecisionRoutes(router, options);
  addEndRoutes(router, options);
  addPodRoutes(router, options);
  addSessionRoutes(router, options);
  addRecordingRoutes(router, options);
  addClusterRoutes(router, options);
  addCountRoutes(router, options);
  addAuditRoutes(router, options);
  router.use(recordRefusals(options));
  router.use(hideCauses(options.logger));
  // Outside, because the validation takes every error before it for a mistake in the body.
  return express.Router().use(answerInTime(options), router);
}
